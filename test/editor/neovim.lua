-- A user's session in Neovim, without a screen: after the set-up of docs/editors.md: both sides of a contradiction, hover, the fix, the file on disk.
local shop = os.getenv('PITLINT_SHOP')
local patience = 120000
local said = {}

local function die(message)
  io.stderr:write('FAILED ' .. message .. '\n')
  vim.cmd('cquit 1')
end
vim.notify = function(message, level) table.insert(said, tostring(level) .. ' ' .. message) end

local function open(path)
  vim.cmd('edit ' .. vim.fn.fnameescape(shop .. '/' .. path))
  return vim.api.nvim_get_current_buf()
end

local function finding(buffer, rule)
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    if one.code == rule then return one end
  end
end

local function await(what, holds)
  local found
  if not vim.wait(patience, function() found = holds(); return found end, 20) then die('waited for ' .. what .. ': ' .. vim.inspect(said)) end
  return found
end

local function covered(buffer, one)
  return vim.api.nvim_buf_get_lines(buffer, one.lnum, one.lnum + 1, true)[1]:sub(one.col + 1, one.end_col)
end

local ok, problem = pcall(function()
  local rule = 'registry/server-timeout-exceeds-ttl'
  local consul = open('consul/gateway.yaml')
  local there = await('the finding in YAML', function() return finding(consul, rule) end)
  assert(covered(consul, there) == '30s', covered(consul, there))

  -- The file has a rocket before the value: columns in bytes, UTF-16 units and characters all differ there.
  local server = open('gateway/src/server.ts')
  local here = await('the finding in TypeScript', function() return finding(server, rule) end)
  assert(covered(server, here) == '45_000', covered(server, here))
  vim.api.nvim_win_set_cursor(0, { here.lnum + 1, here.col })

  local hover
  vim.lsp.buf_request(server, 'textDocument/hover', vim.lsp.util.make_position_params(), function(_, result) hover = result or false end)
  await('hover', function() return hover ~= nil end)
  assert(hover and hover.contents.value:find('consul/gateway', 1, true), vim.inspect(hover))

  local chosen
  vim.ui.select = function(items, _, choose)
    for _, item in ipairs(items) do
      local title = (item[2] or item.action or item).title
      if title == 'Lower the server timeout to 25 s' then chosen = title; return choose(item) end
    end
    die('no fix among ' .. vim.inspect(items))
  end
  vim.lsp.buf.code_action()
  await('the fix', function() return chosen and vim.bo[server].modified end)
  vim.cmd('write')
  await('both findings to go', function() return not finding(server, rule) and not finding(consul, rule) end)
end)
if not ok then die(tostring(problem)) end

local client
for _, one in pairs(vim.lsp.get_active_clients()) do
  if one.name == 'pitlint' then client = one end
end
if not client then die('the set-up started no client of that name') end
client.stop()
await('the end of the server', function() return client.is_stopped() end)
if #said > 0 then die('messages: ' .. vim.inspect(said)) end
vim.cmd('qall!')
