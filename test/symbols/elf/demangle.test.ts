// demangle.test.ts: symbols of C++ and of Rust as their sources write them.

import * as assert from 'node:assert';
import { demangled } from '../../../adapter/symbols/elf/demangle';

describe('mangled names', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['main', 'main'],
    ['_Z4bumpi', 'bump'],
    ['_ZN2ns5inner3runEv', 'ns::inner::run'],
    ['_ZNK5Shape4areaEv', 'Shape::area'],
    ['_ZN5ShapeC2Ev', 'Shape::Shape'],
    ['_ZN5ShapeD0Ev', 'Shape::~Shape'],
    ['_ZNSt6vectorIiSaIiEE9push_backERKi', 'std::vector<int, std::allocator<int> >::push_back'],
    [
      '_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_appendEPKcm',
      'std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::_M_append',
    ],
    ['_ZNSolsEi', 'std::ostream::operator<<'],
    ['_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc', 'std::operator<< <std::char_traits<char> >'],
    ['_Z5twiceIdET_S0_', 'twice<double>'],
    ['_ZNSt5arrayIiLm3EE4fillERKi', 'std::array<int, 3ul>::fill'],
    ['_Z4callPFiPKcE', 'call'],
    ['_Z5applyIPFiPKcEEvT_', 'apply<int (*)(char const*)>'],
    ['_Z3getIRA4_iEvT_', 'get<int (&) [4]>'],
    ['_Z3getIM1AiEvT_', 'get<int A::*>'],
    ['_ZN12_GLOBAL__N_14hideEv', '(anonymous namespace)::hide'],
    ['_ZZ4mainENKUliE_clEi', 'main::{lambda(int)#1}::operator()'],
    ['_ZZN2ns1fEvE5calls', 'ns::f::calls'],
    ['_ZN7PointercvbEv', 'Pointer::operator bool'],
    ['_Znwm', 'operator new'],
    ['_ZTV7Derived', 'vtable for Derived'],
    ['_ZTI7Derived', 'typeinfo for Derived'],
    ['_ZThn8_N7Derived1fEv', 'non-virtual thunk to Derived::f'],
    ['_ZGVZ4mainE5state', 'guard variable for main::state'],
    ['_ZNSt8ios_base7failureB5cxx11C1EPKc', 'std::ios_base::failure[abi:cxx11]::failure'],
    ['_ZN1A3runEv.cold', 'A::run [clone .cold]'],
    ['_ZN4core3fmt9Formatter3pad17h0123456789abcdefE', 'core::fmt::Formatter::pad'],
    ['_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17ha2e718590589a0ddE', '<&T as core::fmt::Debug>::fmt'],
  ];
  for (const [symbol, name] of cases) {
    it(symbol, () => {
      assert.strictEqual(demangled(symbol), name);
    });
  }

  it('that are cut off or damaged stay as they are, or are shorter names: nothing is thrown', () => {
    for (const [symbol] of cases) {
      for (let length = 2; length < symbol.length; length++) {
        assert.strictEqual(typeof demangled(symbol.slice(0, length)), 'string');
        assert.strictEqual(typeof demangled(`${symbol.slice(0, length)}S_${symbol.slice(length + 1)}`), 'string');
      }
    }
  });

  it('that grow without bounds stay as they are', () => {
    const bomb = `_Z1f${'I'.repeat(3000)}`;
    assert.strictEqual(demangled(bomb), bomb);
  });
});
