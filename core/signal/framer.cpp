// The framer as a stage: see framer.hpp.
#include "signal/framer.hpp"

#include "image/selftest.hpp"
#include "signal/chain.hpp"

namespace twinbit {

bool framer_shape(const Setup &s, Shape &out) {
    if (s.count != framer_words) {
        return false;
    }
    const FramerWords &w = framer_words_of(s);
    const bool in_range = w.axes >= 1 && w.axes <= static_cast<std::int32_t>(max_axes) && w.window >= 2 &&
                          w.window <= static_cast<std::int32_t>(max_window) && w.hop >= 1 && w.hop <= w.window &&
                          w.detrend >= 0 && w.detrend <= static_cast<std::int32_t>(Detrend::line) && w.hop_ms >= 0 &&
                          w.gap_ms >= 0;
    if (!in_range || s.inputs != static_cast<std::uint32_t>(w.axes) ||
        static_cast<std::uint32_t>(w.axes * w.window) > max_ring) {
        return false;
    }
    out.set(0, {static_cast<std::uint32_t>(w.window), s.inputs}, Framer<F32>::fields);
    out.window = static_cast<std::uint32_t>(w.window);
    return true;
}

Push advance_ring(FramerState &f, const FramerWords &w, std::uint32_t &dt_ms) {
    const auto window = static_cast<std::uint32_t>(w.window);
    if (w.gap_ms != 0 && dt_ms > static_cast<std::uint32_t>(w.gap_ms)) {
        f.filled = 0;
        f.since = 0;
    }
    f.elapsed = f.elapsed > UINT32_MAX - dt_ms ? UINT32_MAX : f.elapsed + dt_ms;
    const std::uint32_t place = f.at < window ? f.at : 0;
    f.at = place + 1;
    f.filled += f.filled < window ? 1 : 0;
    f.since = f.since < window ? f.since + 1 : window;
    const bool due = f.filled == window && f.since >= static_cast<std::uint32_t>(w.hop);
    if (due) {
        dt_ms = f.elapsed != 0 ? f.elapsed : static_cast<std::uint32_t>(w.hop_ms);
        f.since = 0;
        f.elapsed = 0;
    }
    return {place, due};
}

namespace {

template <class P> constexpr FramerOps framer_ops() {
    using F = Framer<P>;
    return {&chain, nullptr, F::push, F::column, F::put, F::take_trend};
}

constexpr FramerOps ops_f32 = framer_ops<F32>();
constexpr FramerOps ops_q15 = framer_ops<Q15>();
constexpr FramerOps ops_q31 = framer_ops<Q31>();

template <class P> constexpr tb_stage framer_stage(std::uint8_t arithmetic, const FramerOps *ops) {
    return {40, Role::framer, arithmetic, 2, 0, Framer<P>::table, 0, framer_shape, Ops(ops)};
}

// At the self-test. As struct FramerWords: the trend is a line.
constexpr std::int32_t test_words[] = {2, 8, 3, 2, 10, 500};

} // namespace

const KnownAnswer framer_answer = {
    run_framer, test_words, length_of(test_words), 40, 2, 0, {0x81C0C151, 0xA3C303BC, 0x188E3D21}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_framer_f32 = framer_stage<F32>(TB_F32, &ops_f32);
const tb_stage tb_framer_q15 = framer_stage<Q15>(TB_Q15, &ops_q15);
const tb_stage tb_framer_q31 = framer_stage<Q31>(TB_Q31, &ops_q31);
}
