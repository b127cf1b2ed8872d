// Control registers of the floating-point units: see environment.hpp.
#include "numbers/environment.hpp"

namespace twinbit {

namespace {

// Per machine: read and write the control register, which bits of it are control, and their wanted value.
// The memory clobbers keep computations on memory on their side of a write.
#if defined(__x86_64__) || defined(__i386__)

// MXCSR: flush 15, rounding 14-13, exception masks 12-7 (wanted: all masked), denormals-are-zero 6; 5-0 are sticky.
#define TWINBIT_FLOAT_REGISTER 1
constexpr std::uint32_t control_bits = 0xFFC0u;
constexpr std::uint32_t wanted = 0x1F80u;
std::uint32_t read_register() {
    std::uint32_t v;
    __asm__ volatile("stmxcsr %0" : "=m"(v) : : "memory");
    return v;
}
void write_register(std::uint32_t v) { __asm__ volatile("ldmxcsr %0" : : "m"(v) : "memory"); }

#elif defined(__aarch64__)

// FPCR: AHP 26, DN 25, FZ 24, RMode 23-22, FZ16 19, traps 15 and 12-8, NEP, AH, FIZ 2-0. All wanted zero.
#define TWINBIT_FLOAT_REGISTER 1
constexpr std::uint32_t control_bits = 0x07C89F07u;
constexpr std::uint32_t wanted = 0;
std::uint32_t read_register() {
    std::uint64_t v;
    __asm__ volatile("mrs %0, fpcr" : "=r"(v) : : "memory");
    return static_cast<std::uint32_t>(v);
}
void write_register(std::uint32_t v) {
    __asm__ volatile("msr fpcr, %0" : : "r"(static_cast<std::uint64_t>(v)) : "memory");
}

#elif defined(__arm__) && defined(__ARM_FP)

// FPSCR: as FPCR, and on A and R profiles the vector stride and length 21-20, 18-16 (M profiles: LTPSIZE of Helium,
// which is not ours). Condition flags and sticky bits are left alone.
#define TWINBIT_FLOAT_REGISTER 1
#if TWINBIT_GUARDS_FLOAT
constexpr std::uint32_t control_bits = 0x07FF9F00u;
#else
constexpr std::uint32_t control_bits = 0x07C80000u;
#endif
constexpr std::uint32_t wanted = 0;
std::uint32_t read_register() {
    std::uint32_t v;
    __asm__ volatile("vmrs %0, fpscr" : "=r"(v) : : "memory");
    return v;
}
#if TWINBIT_GUARDS_FLOAT
void write_register(std::uint32_t v) { __asm__ volatile("vmsr fpscr, %0" : : "r"(v) : "memory"); }
#endif

#elif defined(__riscv) && defined(__riscv_flen)

// fcsr: rounding mode 7-5, wanted zero (nearest even). RISC-V has no flushing and no traps.
#define TWINBIT_FLOAT_REGISTER 1
constexpr std::uint32_t control_bits = 0xE0u;
constexpr std::uint32_t wanted = 0;
std::uint32_t read_register() {
    unsigned long v;
    __asm__ volatile("csrr %0, fcsr" : "=r"(v) : : "memory");
    return static_cast<std::uint32_t>(v);
}
#if TWINBIT_GUARDS_FLOAT
void write_register(std::uint32_t v) {
    __asm__ volatile("csrw fcsr, %0" : : "r"(static_cast<unsigned long>(v)) : "memory");
}
#endif

#endif

} // namespace

#if defined(TWINBIT_FLOAT_REGISTER)
bool float_environment_ok() { return (read_register() & control_bits) == wanted; }
#else
bool float_environment_ok() { return true; }
#endif

#if TWINBIT_GUARDS_FLOAT
FloatEnvironment::FloatEnvironment() : saved_(read_register()) {
    if ((saved_ & control_bits) != wanted) {
        write_register((saved_ & ~control_bits) | wanted);
    }
}

FloatEnvironment::~FloatEnvironment() {
    if ((saved_ & control_bits) != wanted) {
        write_register(saved_);
    }
}
#endif

} // namespace twinbit
