-- wrk: every request is a new family with a new Idempotency-Key.
local count, body, before = 0, nil, nil

function init(args)
  local file = io.open(args[1], "r")
  body = file:read("*a")
  file:close()
  before = args[2]
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. (args[3] or "")
  wrk.headers["Acting-Worker"] = args[4] or ""
end

function request()
  count = count + 1
  local name = before .. count
  wrk.headers["Idempotency-Key"] = name
  return wrk.format(nil, "/api/v1/referrals", nil, (body:gsub("Zebedee", name)))
end

function response(status)
  if status ~= 201 then wrk.thread:stop() end
end

function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    summary.errors.status, summary.errors.read + summary.errors.connect + summary.errors.timeout))
end
