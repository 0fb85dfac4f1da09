-- A version that was taken away stays for decisions that were made with it, and is not offered any more.
ALTER TABLE plugins ADD COLUMN retired INTEGER NOT NULL DEFAULT FALSE;
