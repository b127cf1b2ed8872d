// The memory of a stage at its test, and what is compared.
#include "image/selftest.hpp"

#include "image/crc32.hpp"
#include "memory/bytes.hpp"

namespace twinbit {

// An archive's object is not linked for a weak reference: the answer of a stage that nothing else names is null. Where there
// is no ELF (some hosts) all stages are linked.
#ifdef __ELF__
#define TWINBIT_ANSWER(name) extern const KnownAnswer name##_answer __attribute__((weak));
TWINBIT_TESTED_STAGES(TWINBIT_ANSWER)
#undef TWINBIT_ANSWER
#endif

namespace {

#define TWINBIT_ANSWER(name) &name##_answer,
const KnownAnswer *const answers[] = {TWINBIT_TESTED_STAGES(TWINBIT_ANSWER)};
#undef TWINBIT_ANSWER

// What lies behind the image's block, which is first.
struct Places {
    std::uint32_t plan, scratch, in, out, end;
};

// Only a framer's shape has a window, its column, and it has no features.
Places places(const Bench &b) {
    const Setup &s = b.block.setup;
    Places p;
    p.plan = block_bytes(b.stage.fields, b.shape);
    p.scratch = p.plan + align8(b.shape.plan);
    p.in = p.scratch + align8(b.shape.scratch);
    p.out = p.in + align8(4 * (s.inputs > s.window ? s.inputs : s.window));
    p.end = p.out + align8(4 * (b.shape.features + b.shape.window));
    return p;
}

void lay_out(Bench &b, std::uint8_t *memory) {
    const Places p = places(b);
    b.block.image = memory;
    b.block.plan = memory + p.plan;
    b.block.scratch = memory + p.scratch;
    b.in = memory + p.in;
    b.out = memory + p.out;
}

std::uint32_t digest_in(const KnownAnswer &a, Bench &b, std::uint8_t *memory, std::uint32_t bytes) {
    clear_bytes(memory, bytes);
    lay_out(b, memory);
    if (b.stage.role >= Role::framer && b.stage.role <= Role::transform && b.stage.ops.signal->settle != nullptr) {
        b.stage.ops.signal->settle(b.block);
    }
    a.run(b);
    return crc32(b.crc, b.block.image, static_cast<std::uint32_t>(b.block.plan - b.block.image));
}

template <std::uint32_t bytes> __attribute__((noinline)) std::uint32_t run(const KnownAnswer &a, Bench &b) {
    alignas(8) std::uint8_t memory[bytes];
    return digest_in(a, b, memory, bytes);
}

// In the first of these memories that is large enough.
template <std::uint32_t bytes, std::uint32_t... more>
std::uint32_t run_in(const KnownAnswer &a, Bench &b, std::uint32_t needed) {
    if (needed <= bytes) {
        return run<bytes>(a, b);
    }
    if constexpr (sizeof...(more) != 0) {
        return run_in<more...>(a, b, needed);
    } else {
        return 0;
    }
}

} // namespace

const KnownAnswer *known_answer(std::uint16_t id) {
    for (const KnownAnswer *a : answers) {
        if (a != nullptr && a->id == id) {
            return a;
        }
    }
    return nullptr;
}

// Most stages; a decision's histogram; univariate; spectra.
std::uint32_t selftest_digest(const tb_stage &stage, const KnownAnswer &a) {
    Bench b(stage, {a.words, a.count, a.inputs, a.window}, a.id);
    return stage.shape(b.block.setup, b.shape) ? run_in<256, 448, 1216, 1560>(a, b, places(b).end) : 0;
}

bool selftest_passes(const tb_stage &stage) {
    const KnownAnswer *a = known_answer(stage.id);
    const int which = stage.arithmetic == 0 ? 0 : stage.arithmetic - TB_F32;
    return stage.role == Role::policy || (a != nullptr && selftest_digest(stage, *a) == a->digests[which]);
}

} // namespace twinbit
