// The first stage: the caller's numbers become raw features; a missing one is refused, held or makes the frame skipped.
//
// Four kinds: alone or with a phase, and what leaves them are samples or, for detectors that bring their own scale, the
// raw values.
//
// Image block, only if missing values are held: u32 seen, then the last raw feature of each channel.
#include "monitor/input.hpp"

#include "image/arithmetic.hpp"
#include "image/selftest.hpp"
#include "memory/bytes.hpp"
#include "numbers/fixed_sin.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t max_channels = 4096;
constexpr std::uint32_t last_at = 8;

bool channel_ok(const Channel &c) { return c.shift >= -24 && c.shift <= 8 && c.unit >= -24 && c.unit <= 24; }

bool words_ok(const Setup &s) {
    if (s.count < input_head || s.words[0] < 1 || s.words[0] > max_channels || s.words[1] < 0 ||
        s.words[1] > static_cast<std::int32_t>(Missing::skip) || s.count != input_head + channel_words * channels(s)) {
        return false;
    }
    for (std::uint32_t i = 0; i < channels(s); ++i) {
        if (!channel_ok(channel(s, i))) {
            return false;
        }
    }
    return true;
}

// One value of a frame on its way to a raw feature.
template <class P, class T>
Reading read_one(const Block &b, T value, std::uint32_t i, Missing missing, typename P::Raw &raw) {
    using Raw = typename P::Raw;
    if (is_missing(value)) {
        if (missing == Missing::refuse) {
            return RawInput<P>::refusal(value);
        }
        if (missing == Missing::skip || *at<std::uint32_t>(b.image, 0) == 0) { // nothing held yet
            return Reading{TB_FLAG_SKIPPED};
        }
        raw = at<Raw>(b.image, last_at)[i];
        return Reading{TB_FLAG_HELD};
    }
    if (!is_finite(value)) {
        return TB_ERR_NOT_FINITE;
    }
    bool clipped = false;
    raw = RawInput<P>::raw(value, channel(b.setup, i), clipped);
    return clipped ? Reading{TB_FLAG_CLIPPED} : 0;
}

template <class P, class T> Reading read(const Block &b, const T *values, void *raw, bool hold) {
    const Missing missing = hold ? missing_of(b.setup) : Missing::refuse;
    Reading all = 0;
    for (std::uint32_t i = 0; i < channels(b.setup); ++i) {
        const Reading one = read_one<P>(b, values[i], i, missing, static_cast<typename P::Raw *>(raw)[i]);
        if (one < 0) {
            return one;
        }
        all |= one;
    }
    return (all & Reading{TB_FLAG_SKIPPED}) != 0 ? Reading{TB_FLAG_SKIPPED} : all;
}

// As read(), and the same numbers: the frames that most are, floats without an offset, all there and within the limit,
// are told by two loops that a compiler makes vectors of.
Reading read_floats(const Block &b, const float *values, void *raw, bool hold) {
    const std::uint32_t n = channels(b.setup);
    std::int32_t offsets = 0;
    std::uint32_t far = 0; // its top bit: some value is beyond the limit, or no number
    for (const std::int32_t *w = b.setup.words + input_head; w != b.setup.words + b.setup.count; w += channel_words) {
        offsets |= *w;
    }
    for (std::uint32_t i = 0; i < n; ++i) {
        far |= float_bits(RawInput<F32>::limit) - (float_bits(values[i]) & 0x7FFFFFFFu);
    }
    if (offsets != 0 || (far >> 31) != 0) {
        return read<F32, float>(b, values, raw, hold);
    }
    std::memcpy(raw, values, 4 * n);
    return 0;
}

// Cosine and sine of the phase.
template <class P> void add_turn(const Block &b, std::uint32_t phase, void *raw) {
    using Unit = Fixed<std::int32_t, 30>;
    auto *out = static_cast<typename P::Raw *>(raw) + channels(b.setup);
    out[0] = RawInput<P>::unit_q30(cos<Unit>(phase).raw);
    out[1] = RawInput<P>::unit_q30(sin<Unit>(phase).raw);
}

// The phase itself, 2^23 a turn.
template <class P> void add_clock(const Block &b, std::uint32_t phase, void *raw) {
    static_cast<typename P::Raw *>(raw)[channels(b.setup)] = RawInput<P>::clock(phase >> 9);
}

void remember(const Block &b, const void *raw) {
    if (missing_of(b.setup) == Missing::hold) {
        *at<std::uint32_t>(b.image, 0) = 1;
        copy_words(b.image + last_at, raw, channels(b.setup));
    }
}

// Extra: features behind the channels.
template <class P, std::uint32_t Extra> struct Input {
    static constexpr std::uint32_t fields = 2;
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, positive(1)},
        {type_of_number<typename P::Raw>, Many::d, both(P::raw_bits)},
    };

    static bool shape(const Setup &s, Shape &out) {
        if (!words_ok(s)) {
            return false;
        }
        out.set(channels(s) + Extra, {0, channels(s)}, missing_of(s) == Missing::hold ? fields : 0);
        return true;
    }
};

template <class P> void pass(const Block &b, const void *raw, void *sample) {
    const auto *in = static_cast<const typename P::Raw *>(raw);
    auto *out = static_cast<typename P::Sample *>(sample);
    for (std::uint32_t i = 0; i < b.setup.inputs; ++i) {
        out[i] = RawInput<P>::sample(in[i]);
    }
}

void pass_raw(const Block &b, const void *raw, void *sample) { std::memcpy(sample, raw, 4 * b.setup.inputs); }

using FloatReader = Reading (*)(const Block &, const float *, void *, bool);

// Null where floats become counts first.
template <class P> inline constexpr FloatReader floats = nullptr;
template <> inline constexpr FloatReader floats<F32> = read_floats;

template <class P> struct Kinds {
    static constexpr std::uint8_t arithmetic = arithmetic_of<P>;
    static constexpr InputOps plain = {read<P, std::int32_t>, floats<P>, nullptr, remember, pass<P>};
    static constexpr InputOps phase = {read<P, std::int32_t>, floats<P>, add_turn<P>, remember, pass<P>};
    static constexpr InputOps raw = {read<P, std::int32_t>, floats<P>, nullptr, remember, pass_raw};
    static constexpr InputOps clock = {read<P, std::int32_t>, floats<P>, add_clock<P>, remember, pass_raw};

    template <std::uint32_t Extra>
    static constexpr tb_stage stage(std::uint16_t id, const InputOps *ops, std::uint8_t gives) {
        using S = Input<P, Extra>;
        return {id, Role::input, arithmetic, 0, gives, S::table, 0, S::shape, Ops(ops)};
    }
};

// At the self-test. Channels, missing values are held; offset, shift and unit of each channel.
constexpr std::int32_t test_words[] = {2, 1, 100, 2, 12, -7, -3, 4};

} // namespace

const KnownAnswer input_answer = {
    run_input, test_words, length_of(test_words), 1, 2, 0, {0x49E911FF, 0x10721107, 0xBCA88EB0}};
const KnownAnswer input_phase_answer = {
    run_input, test_words, length_of(test_words), 2, 4, 0, {0x8B06C847, 0x4BD0DB35, 0x6BD87C3E}};
const KnownAnswer input_raw_answer = {
    run_input, test_words, length_of(test_words), 3, 2, 0, {0x2928C2A4, 0x80474D59, 0x80474D59}};
const KnownAnswer input_clock_answer = {
    run_input, test_words, length_of(test_words), 4, 3, 0, {0xBD306A41, 0x133D581D, 0x133D581D}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_input_f32 = Kinds<F32>::stage<0>(1, &Kinds<F32>::plain, 0);
const tb_stage tb_input_q15 = Kinds<Q15>::stage<0>(1, &Kinds<Q15>::plain, 0);
const tb_stage tb_input_q31 = Kinds<Q31>::stage<0>(1, &Kinds<Q31>::plain, 0);
const tb_stage tb_input_phase_f32 = Kinds<F32>::stage<2>(2, &Kinds<F32>::phase, 0);
const tb_stage tb_input_phase_q15 = Kinds<Q15>::stage<2>(2, &Kinds<Q15>::phase, 0);
const tb_stage tb_input_phase_q31 = Kinds<Q31>::stage<2>(2, &Kinds<Q31>::phase, 0);
const tb_stage tb_input_raw_f32 = Kinds<F32>::stage<0>(3, &Kinds<F32>::raw, gives_raw);
const tb_stage tb_input_raw_q15 = Kinds<Q15>::stage<0>(3, &Kinds<Q15>::raw, gives_raw);
const tb_stage tb_input_raw_q31 = Kinds<Q31>::stage<0>(3, &Kinds<Q31>::raw, gives_raw);
const tb_stage tb_input_clock_f32 = Kinds<F32>::stage<1>(4, &Kinds<F32>::clock, gives_raw);
const tb_stage tb_input_clock_q15 = Kinds<Q15>::stage<1>(4, &Kinds<Q15>::clock, gives_raw);
const tb_stage tb_input_clock_q31 = Kinds<Q31>::stage<1>(4, &Kinds<Q31>::clock, gives_raw);
}
