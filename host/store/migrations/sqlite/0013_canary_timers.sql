-- For whom a timer was started: a canary acts for them, or does not. None where nobody did what started it.
ALTER TABLE timers ADD COLUMN member TEXT;
