// Runs in Node.js: `node json_logic.mjs MODULES FOLDER`, which tells the same as passes.py of the
// package json-logic-engine in MODULES. Each rule is compiled, and goes over all subjects by itself:
// that is quicker than a list of all of them.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const [modules, folder] = process.argv.slice(2)
const { LogicEngine } = createRequire(join(resolve(modules), 'package.json'))('json-logic-engine')
const engine = new LogicEngine()

const read = name => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const job = read('job.json')
const scopes = Object.entries(job.rules.json_logic).map(([scope, rules]) => ({
  rows: read(`${scope}.json`),
  rules: Object.entries(rules).map(([id, rule]) => [id, engine.build(rule)])
}))

function pass () {
  const fired = {}
  for (const { rows, rules } of scopes) {
    for (const [id, judge] of rules) {
      const found = []
      for (let row = 0; row < rows.length; row++) if (judge(rows[row]) === true) found.push(row)
      fired[id] = found
    }
  }
  return fired
}

const found = Object.fromEntries(Object.entries(pass()).map(([id, rows]) =>
  [id, [rows.length, createHash('sha256').update(rows.join('\n')).digest('hex')]]))
for (let warm = 0; warm < job.warm_up; warm++) pass()
const seconds = []
for (let repeat = 0; repeat < job.repeats; repeat++) {
  const began = process.cpuUsage()
  pass()
  const { user, system } = process.cpuUsage(began)
  seconds.push((user + system) / 1e6)
}
seconds.sort((a, b) => a - b)
console.log(JSON.stringify({ seconds: seconds[seconds.length >> 1], found }))
