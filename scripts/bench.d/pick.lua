-- Sends requests picked at random from a file of ready ones: "<length>\n<bytes>" each.
local ready = {}

function setup(thread)
  number = (number or 0) + 1
  thread:set("number", number)
end

function init(args)
  math.randomseed(os.time() * 64 + number)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    ready[#ready + 1] = file:read(length)
  end
  file:close()
end

function request()
  return ready[math.random(#ready)]
end

function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write, summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
