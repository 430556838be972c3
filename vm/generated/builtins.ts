// Generated from src/isa/library.ts by tools/generate.ts. Do not edit.
import { baseType, baseRawget, baseRawset, baseRawequal, baseRawlen, baseNext, baseSelect, baseGetmetatable, baseSetmetatable, baseTonumber, baseTostring, baseIpairs, baseIpairsnext, basePairs, baseAssert, baseError, basePcall, baseXpcall, baseRequest, baseCollect, baseMetafield, baseFinalize, baseHandlerof } from '../assembly/lib/base'
import { coroutineCreate, coroutineResume, coroutineYield, coroutineStatus, coroutineIsyieldable, coroutineRunning, coroutineWrap, coroutineWrapped, coroutineClose } from '../assembly/lib/coroutine'
import { stringLen, stringSub, stringByte, stringChar, stringRep, stringReverse, stringLower, stringUpper } from '../assembly/lib/string'
import { patternFind, patternMatch, patternGmatch, patternGsub, patternGmatchnext, patternGsubstart, patternGsubnext } from '../assembly/lib/pattern'
import { formatFormat } from '../assembly/lib/format'
import { packPack, packPacksize, packUnpack } from '../assembly/lib/pack'
import { tableInsert, tableRemove, tableConcat, tablePack, tableUnpack, tableMove, tableSort } from '../assembly/lib/table'
import { mathAbs, mathCeil, mathFloor, mathMax, mathMin, mathFmod, mathTointeger, mathType, mathUlt, mathRandom, mathRandomseed } from '../assembly/lib/math'
import { utf8Char, utf8Codepoint, utf8Len, utf8Offset, utf8Codes, utf8Codesnext, utf8Codeslax } from '../assembly/lib/utf8'
import { dataNew, dataLayout, dataStrict, dataSegment, dataIndex, dataNewindex, dataLen, dataTostring } from '../assembly/lib/data'
import { packetSum, packetTransport, packetRewrite, packetSeal, packetResize } from '../assembly/lib/packet'
import { debugGetinfo, debugActivelines, debugDepth, debugSethook, debugGethook, debugGetlocal, debugSetlocal, debugGetupvalue, debugSetupvalue, debugUpvalueid, debugUpvaluejoin, debugGetmetatable, debugSetmetatable, debugGetregistry } from '../assembly/lib/debug'

export const BUILTIN_BASE_TYPE: i32 = 0
export const BUILTIN_BASE_RAWGET: i32 = 1
export const BUILTIN_BASE_RAWSET: i32 = 2
export const BUILTIN_BASE_RAWEQUAL: i32 = 3
export const BUILTIN_BASE_RAWLEN: i32 = 4
export const BUILTIN_BASE_NEXT: i32 = 5
export const BUILTIN_BASE_SELECT: i32 = 6
export const BUILTIN_BASE_GETMETATABLE: i32 = 7
export const BUILTIN_BASE_SETMETATABLE: i32 = 8
export const BUILTIN_BASE_TONUMBER: i32 = 9
export const BUILTIN_BASE_TOSTRING: i32 = 10
export const BUILTIN_BASE_IPAIRS: i32 = 11
export const BUILTIN_BASE_IPAIRSNEXT: i32 = 12
export const BUILTIN_BASE_PAIRS: i32 = 13
export const BUILTIN_BASE_ASSERT: i32 = 14
export const BUILTIN_BASE_ERROR: i32 = 15
export const BUILTIN_BASE_PCALL: i32 = 16
export const BUILTIN_BASE_XPCALL: i32 = 17
export const BUILTIN_BASE_REQUEST: i32 = 18
export const BUILTIN_BASE_COLLECT: i32 = 19
export const BUILTIN_BASE_METAFIELD: i32 = 20
export const BUILTIN_BASE_FINALIZE: i32 = 21
export const BUILTIN_BASE_HANDLEROF: i32 = 22
export const BUILTIN_COROUTINE_CREATE: i32 = 23
export const BUILTIN_COROUTINE_RESUME: i32 = 24
export const BUILTIN_COROUTINE_YIELD: i32 = 25
export const BUILTIN_COROUTINE_STATUS: i32 = 26
export const BUILTIN_COROUTINE_ISYIELDABLE: i32 = 27
export const BUILTIN_COROUTINE_RUNNING: i32 = 28
export const BUILTIN_COROUTINE_WRAP: i32 = 29
export const BUILTIN_COROUTINE_WRAPPED: i32 = 30
export const BUILTIN_COROUTINE_CLOSE: i32 = 31
export const BUILTIN_STRING_LEN: i32 = 32
export const BUILTIN_STRING_SUB: i32 = 33
export const BUILTIN_STRING_BYTE: i32 = 34
export const BUILTIN_STRING_CHAR: i32 = 35
export const BUILTIN_STRING_REP: i32 = 36
export const BUILTIN_STRING_REVERSE: i32 = 37
export const BUILTIN_STRING_LOWER: i32 = 38
export const BUILTIN_STRING_UPPER: i32 = 39
export const BUILTIN_PATTERN_FIND: i32 = 40
export const BUILTIN_PATTERN_MATCH: i32 = 41
export const BUILTIN_PATTERN_GMATCH: i32 = 42
export const BUILTIN_PATTERN_GSUB: i32 = 43
export const BUILTIN_PATTERN_GMATCHNEXT: i32 = 44
export const BUILTIN_PATTERN_GSUBSTART: i32 = 45
export const BUILTIN_PATTERN_GSUBNEXT: i32 = 46
export const BUILTIN_FORMAT_FORMAT: i32 = 47
export const BUILTIN_PACK_PACK: i32 = 48
export const BUILTIN_PACK_PACKSIZE: i32 = 49
export const BUILTIN_PACK_UNPACK: i32 = 50
export const BUILTIN_TABLE_INSERT: i32 = 51
export const BUILTIN_TABLE_REMOVE: i32 = 52
export const BUILTIN_TABLE_CONCAT: i32 = 53
export const BUILTIN_TABLE_PACK: i32 = 54
export const BUILTIN_TABLE_UNPACK: i32 = 55
export const BUILTIN_TABLE_MOVE: i32 = 56
export const BUILTIN_TABLE_SORT: i32 = 57
export const BUILTIN_MATH_ABS: i32 = 58
export const BUILTIN_MATH_CEIL: i32 = 59
export const BUILTIN_MATH_FLOOR: i32 = 60
export const BUILTIN_MATH_MAX: i32 = 61
export const BUILTIN_MATH_MIN: i32 = 62
export const BUILTIN_MATH_FMOD: i32 = 63
export const BUILTIN_MATH_TOINTEGER: i32 = 64
export const BUILTIN_MATH_TYPE: i32 = 65
export const BUILTIN_MATH_ULT: i32 = 66
export const BUILTIN_MATH_RANDOM: i32 = 67
export const BUILTIN_MATH_RANDOMSEED: i32 = 68
export const BUILTIN_UTF8_CHAR: i32 = 69
export const BUILTIN_UTF8_CODEPOINT: i32 = 70
export const BUILTIN_UTF8_LEN: i32 = 71
export const BUILTIN_UTF8_OFFSET: i32 = 72
export const BUILTIN_UTF8_CODES: i32 = 73
export const BUILTIN_UTF8_CODESNEXT: i32 = 74
export const BUILTIN_UTF8_CODESLAX: i32 = 75
export const BUILTIN_DATA_NEW: i32 = 76
export const BUILTIN_DATA_LAYOUT: i32 = 77
export const BUILTIN_DATA_STRICT: i32 = 78
export const BUILTIN_DATA_SEGMENT: i32 = 79
export const BUILTIN_DATA_INDEX: i32 = 80
export const BUILTIN_DATA_NEWINDEX: i32 = 81
export const BUILTIN_DATA_LEN: i32 = 82
export const BUILTIN_DATA_TOSTRING: i32 = 83
export const BUILTIN_PACKET_SUM: i32 = 84
export const BUILTIN_PACKET_TRANSPORT: i32 = 85
export const BUILTIN_PACKET_REWRITE: i32 = 86
export const BUILTIN_PACKET_SEAL: i32 = 87
export const BUILTIN_PACKET_RESIZE: i32 = 88
export const BUILTIN_DEBUG_GETINFO: i32 = 89
export const BUILTIN_DEBUG_ACTIVELINES: i32 = 90
export const BUILTIN_DEBUG_DEPTH: i32 = 91
export const BUILTIN_DEBUG_SETHOOK: i32 = 92
export const BUILTIN_DEBUG_GETHOOK: i32 = 93
export const BUILTIN_DEBUG_GETLOCAL: i32 = 94
export const BUILTIN_DEBUG_SETLOCAL: i32 = 95
export const BUILTIN_DEBUG_GETUPVALUE: i32 = 96
export const BUILTIN_DEBUG_SETUPVALUE: i32 = 97
export const BUILTIN_DEBUG_UPVALUEID: i32 = 98
export const BUILTIN_DEBUG_UPVALUEJOIN: i32 = 99
export const BUILTIN_DEBUG_GETMETATABLE: i32 = 100
export const BUILTIN_DEBUG_SETMETATABLE: i32 = 101
export const BUILTIN_DEBUG_GETREGISTRY: i32 = 102
export const BUILTIN_COUNT: i32 = 103

/** Calls library function `id`; see vm/assembly/arguments.ts for the protocol. */
export function callBuiltin(id: i32, args: usize, count: i32): i32 {
  switch (id) {
    case 0:
      return baseType(args, count)
    case 1:
      return baseRawget(args, count)
    case 2:
      return baseRawset(args, count)
    case 3:
      return baseRawequal(args, count)
    case 4:
      return baseRawlen(args, count)
    case 5:
      return baseNext(args, count)
    case 6:
      return baseSelect(args, count)
    case 7:
      return baseGetmetatable(args, count)
    case 8:
      return baseSetmetatable(args, count)
    case 9:
      return baseTonumber(args, count)
    case 10:
      return baseTostring(args, count)
    case 11:
      return baseIpairs(args, count)
    case 12:
      return baseIpairsnext(args, count)
    case 13:
      return basePairs(args, count)
    case 14:
      return baseAssert(args, count)
    case 15:
      return baseError(args, count)
    case 16:
      return basePcall(args, count)
    case 17:
      return baseXpcall(args, count)
    case 18:
      return baseRequest(args, count)
    case 19:
      return baseCollect(args, count)
    case 20:
      return baseMetafield(args, count)
    case 21:
      return baseFinalize(args, count)
    case 22:
      return baseHandlerof(args, count)
    case 23:
      return coroutineCreate(args, count)
    case 24:
      return coroutineResume(args, count)
    case 25:
      return coroutineYield(args, count)
    case 26:
      return coroutineStatus(args, count)
    case 27:
      return coroutineIsyieldable(args, count)
    case 28:
      return coroutineRunning(args, count)
    case 29:
      return coroutineWrap(args, count)
    case 30:
      return coroutineWrapped(args, count)
    case 31:
      return coroutineClose(args, count)
    case 32:
      return stringLen(args, count)
    case 33:
      return stringSub(args, count)
    case 34:
      return stringByte(args, count)
    case 35:
      return stringChar(args, count)
    case 36:
      return stringRep(args, count)
    case 37:
      return stringReverse(args, count)
    case 38:
      return stringLower(args, count)
    case 39:
      return stringUpper(args, count)
    case 40:
      return patternFind(args, count)
    case 41:
      return patternMatch(args, count)
    case 42:
      return patternGmatch(args, count)
    case 43:
      return patternGsub(args, count)
    case 44:
      return patternGmatchnext(args, count)
    case 45:
      return patternGsubstart(args, count)
    case 46:
      return patternGsubnext(args, count)
    case 47:
      return formatFormat(args, count)
    case 48:
      return packPack(args, count)
    case 49:
      return packPacksize(args, count)
    case 50:
      return packUnpack(args, count)
    case 51:
      return tableInsert(args, count)
    case 52:
      return tableRemove(args, count)
    case 53:
      return tableConcat(args, count)
    case 54:
      return tablePack(args, count)
    case 55:
      return tableUnpack(args, count)
    case 56:
      return tableMove(args, count)
    case 57:
      return tableSort(args, count)
    case 58:
      return mathAbs(args, count)
    case 59:
      return mathCeil(args, count)
    case 60:
      return mathFloor(args, count)
    case 61:
      return mathMax(args, count)
    case 62:
      return mathMin(args, count)
    case 63:
      return mathFmod(args, count)
    case 64:
      return mathTointeger(args, count)
    case 65:
      return mathType(args, count)
    case 66:
      return mathUlt(args, count)
    case 67:
      return mathRandom(args, count)
    case 68:
      return mathRandomseed(args, count)
    case 69:
      return utf8Char(args, count)
    case 70:
      return utf8Codepoint(args, count)
    case 71:
      return utf8Len(args, count)
    case 72:
      return utf8Offset(args, count)
    case 73:
      return utf8Codes(args, count)
    case 74:
      return utf8Codesnext(args, count)
    case 75:
      return utf8Codeslax(args, count)
    case 76:
      return dataNew(args, count)
    case 77:
      return dataLayout(args, count)
    case 78:
      return dataStrict(args, count)
    case 79:
      return dataSegment(args, count)
    case 80:
      return dataIndex(args, count)
    case 81:
      return dataNewindex(args, count)
    case 82:
      return dataLen(args, count)
    case 83:
      return dataTostring(args, count)
    case 84:
      return packetSum(args, count)
    case 85:
      return packetTransport(args, count)
    case 86:
      return packetRewrite(args, count)
    case 87:
      return packetSeal(args, count)
    case 88:
      return packetResize(args, count)
    case 89:
      return debugGetinfo(args, count)
    case 90:
      return debugActivelines(args, count)
    case 91:
      return debugDepth(args, count)
    case 92:
      return debugSethook(args, count)
    case 93:
      return debugGethook(args, count)
    case 94:
      return debugGetlocal(args, count)
    case 95:
      return debugSetlocal(args, count)
    case 96:
      return debugGetupvalue(args, count)
    case 97:
      return debugSetupvalue(args, count)
    case 98:
      return debugUpvalueid(args, count)
    case 99:
      return debugUpvaluejoin(args, count)
    case 100:
      return debugGetmetatable(args, count)
    case 101:
      return debugSetmetatable(args, count)
    case 102:
      return debugGetregistry(args, count)
    default:
      unreachable()
  }
  return 0
}
