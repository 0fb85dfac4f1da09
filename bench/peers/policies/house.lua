-- The house rules (bench/rules) in Lua. `entries` is the word list.

local find, match = string.find, string.match

local CHANNELS <const> = { "微信", "薇信", "v信", "qq", "telegram", "whatsapp" }

-- Patterns have neither alternatives nor counted repetition: each channel in turn, and the lengths by hand.
local function has_contact(text)
  for i = 1, #CHANNELS do
    local _, last = find(text, CHANNELS[i], 1, true)
    while last do
      local gap, account = match(text, "^([ :+]*)([a-z0-9_]*)", last + 1)
      if #gap <= 3 and #account >= 5 then
        return true
      end
      _, last = find(text, CHANNELS[i], last + 1, true)
    end
  end
  return false
end

local function own_words(text)
  local words = {}
  for i = 1, #entries do
    if find(text, entries[i], 1, true) then
      words[#words + 1] = entries[i]
    end
  end
  return words
end

local function is_exempt(roles)
  for i = 1, #roles do
    if roles[i] == "owner" or roles[i] == "admin" then
      return true
    end
  end
  return false
end

-- Returns nothing when no rule speaks.
function check(text, roles, words)
  words = words or own_words(text)
  local contact, link = has_contact(text), find(text, "https?://") ~= nil
  if #words == 0 and not contact and not link or is_exempt(roles) then
    return nil
  end
  local findings = {}
  if #words > 0 then
    findings[1] = { rule = "forbidden-word", severity = "medium", words = words }
  end
  if contact then
    findings[#findings + 1] = { rule = "contact", severity = "high" }
  end
  if link then
    findings[#findings + 1] = { rule = "link", severity = "low" }
  end
  return findings
end
