// Generated from src/isa/opcodes.ts by tools/generate.ts. Do not edit.
import { G_AT, G_BASE, G_FUEL, OP_MOVE, OP_LOADI, OP_LOADK, OP_LOADNIL, OP_LOADFALSE, OP_LOADTRUE, OP_GETUPVAL, OP_SETUPVAL, OP_GETTABUP, OP_SETTABUP, OP_GETFIELD, OP_SETFIELD, OP_GETTABLE, OP_SETTABLE, OP_GETI, OP_SETI, OP_SELF, OP_NEWTABLE, OP_SETLIST, OP_ADD, OP_SUB, OP_MUL, OP_MOD, OP_POW, OP_DIV, OP_IDIV, OP_BAND, OP_BOR, OP_BXOR, OP_SHL, OP_SHR, OP_ADDI, OP_SUBI, OP_MULI, OP_MODI, OP_IDIVI, OP_BANDI, OP_SHLI, OP_SHRI, OP_UNM, OP_BNOT, OP_NOT, OP_LEN, OP_CONCAT, OP_JMP, OP_JT, OP_JF, OP_JTSET, OP_JFSET, OP_JEQ, OP_JNE, OP_JLT, OP_JNLT, OP_JLE, OP_JNLE, OP_JEQK, OP_JNEK, OP_JEQI, OP_JNEI, OP_JLTI, OP_JNLTI, OP_JLEI, OP_JNLEI, OP_JGTI, OP_JNGTI, OP_JGEI, OP_JNGEI, OP_FORPREP, OP_FORLOOP, OP_TFORPREP, OP_TFORCALL, OP_TFORLOOP, OP_CALL, OP_TAILCALL, OP_RETURN, OP_RETURN0, OP_RETURN1, OP_VARARGPREP, OP_VARARG, OP_CLOSURE, OP_CLOSE, OP_TBC, OP_HALT, OP_STOP, OP_COEND, OP_PCALLEND, OP_THROW, OP_COLLECT, OP_RETRY, OP_INVOKE, OP_UNWIND, OP_FINALIZE, OP_HOOK } from './layout'
import { fuelSpent } from '../assembly/frames'
import { opMove, opLoadi, opLoadk, opLoadnil, opLoadfalse, opLoadtrue, opGetupval, opSetupval } from '../assembly/ops/load'
import { opGettabup, opSettabup, opGetfield, opSetfield, opGettable, opSettable, opGeti, opSeti, opSelf, opNewtable, opSetlist } from '../assembly/ops/table'
import { opAdd, opSub, opMul, opMod, opPow, opDiv, opIdiv, opBand, opBor, opBxor, opShl, opShr, opAddi, opSubi, opMuli, opModi, opIdivi, opBandi, opShli, opShri, opUnm, opBnot, opNot, opLen, opConcat } from '../assembly/ops/arith'
import { opJmp, opJt, opJf, opJtset, opJfset, opJeq, opJne, opJlt, opJnlt, opJle, opJnle, opJeqk, opJnek, opJeqi, opJnei, opJlti, opJnlti, opJlei, opJnlei, opJgti, opJngti, opJgei, opJngei } from '../assembly/ops/jump'
import { opForprep, opForloop, opTforprep, opTforcall, opTforloop } from '../assembly/ops/loop'
import { opCall, opTailcall, opReturn, opReturn0, opReturn1, opVarargprep, opVararg, opClosure, opClose, opTbc } from '../assembly/ops/call'
import { opHalt, opCoend, opPcallend, opThrow, opCollect, opRetry, opInvoke, opUnwind, opFinalize, opHook } from '../assembly/ops/frame'

/**
 * Executes instructions from G_AT on until one of them is STOP or the fuel of the slice is spent. Every
 * instruction costs one unit; handlers return the next instruction's address.
 */
export function run(): void {
  let pc: usize = load<u32>(G_AT)
  let base: usize = load<u32>(G_BASE)
  let fuel: i64 = load<i64>(G_FUEL)
  while (true) {
    if (--fuel < 0) {
      store<i64>(G_FUEL, fuel + 1)
      pc = fuelSpent(pc)
      if (!pc) return
      base = load<u32>(G_BASE)
      fuel = load<i64>(G_FUEL)
    }
    switch (i32(load<u8>(pc))) {
      case OP_MOVE:
        pc = opMove(pc, base)
        continue
      case OP_LOADI:
        pc = opLoadi(pc, base)
        continue
      case OP_LOADK:
        pc = opLoadk(pc, base)
        continue
      case OP_LOADNIL:
        pc = opLoadnil(pc, base)
        continue
      case OP_LOADFALSE:
        pc = opLoadfalse(pc, base)
        continue
      case OP_LOADTRUE:
        pc = opLoadtrue(pc, base)
        continue
      case OP_GETUPVAL:
        pc = opGetupval(pc, base)
        continue
      case OP_SETUPVAL:
        pc = opSetupval(pc, base)
        continue
      case OP_GETTABUP:
        pc = opGettabup(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SETTABUP:
        pc = opSettabup(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_GETFIELD:
        pc = opGetfield(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SETFIELD:
        pc = opSetfield(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_GETTABLE:
        pc = opGettable(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SETTABLE:
        pc = opSettable(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_GETI:
        pc = opGeti(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SETI:
        pc = opSeti(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SELF:
        pc = opSelf(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_NEWTABLE:
        pc = opNewtable(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SETLIST:
        store<i64>(G_FUEL, fuel)
        pc = opSetlist(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_ADD:
        pc = opAdd(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SUB:
        pc = opSub(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_MUL:
        pc = opMul(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_MOD:
        pc = opMod(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_POW:
        pc = opPow(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_DIV:
        pc = opDiv(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_IDIV:
        pc = opIdiv(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_BAND:
        pc = opBand(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_BOR:
        pc = opBor(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_BXOR:
        pc = opBxor(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SHL:
        pc = opShl(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SHR:
        pc = opShr(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_ADDI:
        pc = opAddi(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SUBI:
        pc = opSubi(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_MULI:
        pc = opMuli(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_MODI:
        pc = opModi(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_IDIVI:
        pc = opIdivi(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_BANDI:
        pc = opBandi(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SHLI:
        pc = opShli(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_SHRI:
        pc = opShri(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_UNM:
        pc = opUnm(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_BNOT:
        pc = opBnot(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_NOT:
        pc = opNot(pc, base)
        continue
      case OP_LEN:
        pc = opLen(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_CONCAT:
        store<i64>(G_FUEL, fuel)
        pc = opConcat(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_JMP:
        pc = opJmp(pc, base)
        continue
      case OP_JT:
        pc = opJt(pc, base)
        continue
      case OP_JF:
        pc = opJf(pc, base)
        continue
      case OP_JTSET:
        pc = opJtset(pc, base)
        continue
      case OP_JFSET:
        pc = opJfset(pc, base)
        continue
      case OP_JEQ:
        pc = opJeq(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JNE:
        pc = opJne(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JLT:
        pc = opJlt(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JNLT:
        pc = opJnlt(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JLE:
        pc = opJle(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JNLE:
        pc = opJnle(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JEQK:
        pc = opJeqk(pc, base)
        continue
      case OP_JNEK:
        pc = opJnek(pc, base)
        continue
      case OP_JEQI:
        pc = opJeqi(pc, base)
        continue
      case OP_JNEI:
        pc = opJnei(pc, base)
        continue
      case OP_JLTI:
        pc = opJlti(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JNLTI:
        pc = opJnlti(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JLEI:
        pc = opJlei(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JNLEI:
        pc = opJnlei(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JGTI:
        pc = opJgti(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JNGTI:
        pc = opJngti(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JGEI:
        pc = opJgei(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_JNGEI:
        pc = opJngei(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_FORPREP:
        pc = opForprep(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_FORLOOP:
        pc = opForloop(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_TFORPREP:
        pc = opTforprep(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_TFORCALL:
        store<i64>(G_FUEL, fuel)
        pc = opTforcall(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_TFORLOOP:
        pc = opTforloop(pc, base)
        continue
      case OP_CALL:
        store<i64>(G_FUEL, fuel)
        pc = opCall(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_TAILCALL:
        store<i64>(G_FUEL, fuel)
        pc = opTailcall(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_RETURN:
        store<i64>(G_FUEL, fuel)
        pc = opReturn(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_RETURN0:
        pc = opReturn0(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_RETURN1:
        pc = opReturn1(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_VARARGPREP:
        pc = opVarargprep(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_VARARG:
        store<i64>(G_FUEL, fuel)
        pc = opVararg(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_CLOSURE:
        pc = opClosure(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_CLOSE:
        store<i64>(G_FUEL, fuel)
        pc = opClose(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_TBC:
        pc = opTbc(pc, base)
        base = load<u32>(G_BASE)
        continue
      case OP_HALT:
        store<i64>(G_FUEL, fuel)
        pc = opHalt(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_STOP:
        store<i64>(G_FUEL, fuel + 1)
        return
      case OP_COEND:
        store<i64>(G_FUEL, fuel)
        pc = opCoend(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_PCALLEND:
        store<i64>(G_FUEL, fuel)
        pc = opPcallend(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_THROW:
        store<i64>(G_FUEL, fuel)
        pc = opThrow(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_COLLECT:
        store<i64>(G_FUEL, fuel)
        pc = opCollect(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_RETRY:
        store<i64>(G_FUEL, fuel)
        pc = opRetry(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_INVOKE:
        store<i64>(G_FUEL, fuel)
        pc = opInvoke(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_UNWIND:
        store<i64>(G_FUEL, fuel)
        pc = opUnwind(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_FINALIZE:
        store<i64>(G_FUEL, fuel)
        pc = opFinalize(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      case OP_HOOK:
        store<i64>(G_FUEL, fuel)
        pc = opHook(pc, base)
        base = load<u32>(G_BASE)
        fuel = load<i64>(G_FUEL)
        continue
      default:
        unreachable()
    }
  }
}
