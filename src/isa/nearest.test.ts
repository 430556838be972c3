import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const HOOKS = ['netfilter/local-in', 'netfilter/local-out', 'tc/ingress', 'cgroup/ingress', 'xdp']

test.each([
  ['netfilter/localin', 'netfilter/local-in'],
  ['netfilter/lcoal-in', 'netfilter/local-in'],
  ['local-out', 'netfilter/local-out'],
  ['ingress', 'tc/ingress'],
  ['cgroup/ingres', 'cgroup/ingress'],
  ['xpd', 'xdp'],
  ['netfilter/local-in', 'netfilter/local-in'],
  ['sched/enqueue', undefined],
  ['x', undefined],
  ['', undefined],
])('%j means %j', (word, meant) => {
  expect(nearest(word, HOOKS)).toBe(meant)
})

test('the nearest of several near ones', () => {
  expect(nearest('connect5', ['connect4', 'connect', 'connects5'])).toBe('connect4')
  expect(nearest('abcdef', ['abcxyf', 'abcxef'])).toBe('abcxef')
})
