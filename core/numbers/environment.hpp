// The floating-point environment while twinbit computes: round to nearest even, subnormals kept, no traps.
//
// Another library in the same process may have changed it: one shared object linked with -ffast-math, loaded by any
// Python package, sets flush-to-zero for the whole thread. So hosts guard every entry point. On microcontrollers the
// application owns the register; there the self-test only looks.
#pragma once

#include "numbers/assumptions.hpp"

#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__)
#define TWINBIT_GUARDS_FLOAT 1
#elif defined(__arm__) && defined(__ARM_FP) && (!defined(__ARM_ARCH_PROFILE) || __ARM_ARCH_PROFILE != 'M')
#define TWINBIT_GUARDS_FLOAT 1
#elif defined(__riscv) && defined(__riscv_flen) && defined(__linux__)
#define TWINBIT_GUARDS_FLOAT 1
#else
#define TWINBIT_GUARDS_FLOAT 0
#endif

namespace twinbit {

// Whether the environment is the one twinbit needs. Without float hardware: always true.
bool float_environment_ok();

// Sets what twinbit needs for the guard's lifetime and gives back exactly what it found, except that exception flags
// raised meanwhile stay only if nothing had to be changed. Nothing is written when nothing differs. Empty on bare
// microcontrollers. Not copyable: it belongs to one scope of one thread.
class FloatEnvironment {
  public:
    FloatEnvironment(const FloatEnvironment &) = delete;
    FloatEnvironment &operator=(const FloatEnvironment &) = delete;
#if TWINBIT_GUARDS_FLOAT
    FloatEnvironment();
    ~FloatEnvironment();

  private:
    std::uint32_t saved_;
#else
    FloatEnvironment() {}
    ~FloatEnvironment() {}
#endif
};

} // namespace twinbit
