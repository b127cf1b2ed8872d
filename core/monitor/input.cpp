// The first stage: the caller's numbers become raw features; a missing one is refused, held or makes the frame skipped.
//
// Image block, only if missing values are held: u32 seen, then the last raw feature of each channel.
#include "monitor/input.hpp"

#include "memory/untrusted.hpp"
#include "numbers/fixed_sin.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t head_words = 2; // channels, missing
constexpr std::uint32_t channel_words = 3;
constexpr std::uint32_t max_channels = 4096;

enum Missing : std::int32_t { refuse, hold_last, skip };

Channel channel(const Setup &s, std::uint32_t i) {
    const std::int32_t *w = s.words + head_words + channel_words * i;
    return {w[0], w[1], w[2]};
}

bool channel_ok(const Channel &c) { return c.shift >= -24 && c.shift <= 8 && c.unit >= -24 && c.unit <= 24; }

std::uint32_t channels(const Setup &s) { return static_cast<std::uint32_t>(s.words[0]); }

bool words_ok(const Setup &s) {
    if (s.count < head_words || s.words[0] < 1 || s.words[0] > static_cast<std::int32_t>(max_channels) ||
        s.words[1] < refuse || s.words[1] > skip || s.count != head_words + channel_words * channels(s)) {
        return false;
    }
    for (std::uint32_t i = 0; i < channels(s); ++i) {
        if (!channel_ok(channel(s, i))) {
            return false;
        }
    }
    return true;
}

template <class P, std::uint32_t Extra> struct Input {
    using Raw = typename P::Raw;
    static constexpr std::uint32_t last_at = 8;

    static bool shape(const Setup &s, Shape &out) {
        if (!words_ok(s)) {
            return false;
        }
        out = {};
        out.features = channels(s) + Extra;
        out.image = s.words[1] == hold_last ? last_at + align8(4 * channels(s)) : 0;
        return true;
    }

    static void init(const Block &) {}

    static bool valid(const Setup &s, const std::uint8_t *block) {
        if (s.words[1] != hold_last) {
            return true;
        }
        const Raw limit = RawInput<P>::limit;
        return all_within<std::uint32_t>(block, 1, 0, 1) && all_zero(block + 4, 4) &&
               all_within<Raw>(block + last_at, channels(s), -limit, limit) &&
               padding_zero<Raw>(block, last_at, channels(s));
    }

    // Where a held value of channel i is; null if there is none.
    static const Raw *held(const Block &b, std::uint32_t i) {
        return *at<std::uint32_t>(b.image, 0) != 0 ? at<Raw>(b.image, last_at) + i : nullptr;
    }

    static Reading missing(const Block &b, std::uint32_t i, tb_status refusal, bool hold, Raw &raw) {
        const std::int32_t mode = hold ? b.setup.words[1] : std::int32_t{refuse};
        if (mode == refuse) {
            return {refusal, 0};
        }
        const Raw *last = mode == hold_last ? held(b, i) : nullptr;
        if (last == nullptr) {
            return {TB_OK, TB_FLAG_SKIPPED};
        }
        raw = *last;
        return {TB_OK, TB_FLAG_HELD};
    }

    static Reading read_count(const Block &b, std::uint32_t i, std::int32_t v, bool gone, bool hold, Raw &raw) {
        if (gone) {
            return missing(b, i, TB_ERR_MISSING, hold, raw);
        }
        bool clipped = false;
        raw = RawInput<P>::count(v, channel(b.setup, i), clipped);
        return {TB_OK, static_cast<std::uint16_t>(clipped ? TB_FLAG_CLIPPED : 0)};
    }

    static Reading read_real(const Block &b, std::uint32_t i, float x, bool hold, Raw &raw) {
        if (is_nan(x)) {
            return missing(b, i, TB_ERR_NOT_FINITE, hold, raw);
        }
        if (!is_finite(x)) {
            return {TB_ERR_NOT_FINITE, 0};
        }
        bool clipped = false;
        raw = RawInput<P>::real(x, channel(b.setup, i), clipped);
        return {TB_OK, static_cast<std::uint16_t>(clipped ? TB_FLAG_CLIPPED : 0)};
    }

    static Reading read_one(const Block &b, const Values &v, std::uint32_t i, bool hold, Raw &raw) {
        if (v.type == ValueType::f32) {
            return read_real(b, i, static_cast<const float *>(v.data)[i], hold, raw);
        }
        if (v.type == ValueType::i16) {
            const std::int16_t c = static_cast<const std::int16_t *>(v.data)[i];
            return read_count(b, i, c, c == TB_MISSING_I16, hold, raw);
        }
        const std::int32_t c = static_cast<const std::int32_t *>(v.data)[i];
        return read_count(b, i, c, c == TB_MISSING_I32, hold, raw);
    }

    static Reading read(const Block &b, const Values &v, std::uint32_t phase, void *raw, bool hold) {
        auto *out = static_cast<Raw *>(raw);
        Reading all = {TB_OK, 0};
        for (std::uint32_t i = 0; i < v.count; ++i) {
            const Reading one = read_one(b, v, i, hold, out[i]);
            if (one.status != TB_OK) {
                return one;
            }
            all.flags = static_cast<std::uint16_t>(all.flags | one.flags);
        }
        PhaseFeatures<P, Extra>::add(phase, out + v.count);
        if ((all.flags & TB_FLAG_SKIPPED) != 0) {
            all.flags = TB_FLAG_SKIPPED;
        }
        return all;
    }

    static void remember(const Block &b, const void *raw) {
        if (b.setup.words[1] == hold_last) {
            *at<std::uint32_t>(b.image, 0) = 1;
            std::memcpy(b.image + last_at, raw, 4 * channels(b.setup));
        }
    }

    static void pass(const Block &b, const void *raw, void *sample) {
        const auto *in = static_cast<const Raw *>(raw);
        auto *out = static_cast<typename P::Sample *>(sample);
        for (std::uint32_t i = 0; i < channels(b.setup) + Extra; ++i) {
            out[i] = RawInput<P>::sample(in[i]);
        }
    }

    static constexpr InputOps ops = {read, remember, pass};

  private:
    template <class Q, std::uint32_t E> struct PhaseFeatures {
        static void add(std::uint32_t phase, Raw *out) {
            using Unit = Fixed<std::int32_t, 30>;
            out[0] = RawInput<Q>::unit_q30(cos<Unit>(phase).raw);
            out[1] = RawInput<Q>::unit_q30(sin<Unit>(phase).raw);
        }
    };
    template <class Q> struct PhaseFeatures<Q, 0> {
        static void add(std::uint32_t, Raw *) {}
    };
};

template <class P, std::uint32_t Extra> constexpr tb_stage input_stage(std::uint16_t id, std::uint8_t arithmetic) {
    using S = Input<P, Extra>;
    return {id, Role::input, arithmetic, 65535, S::shape, S::init, S::valid, &S::ops, nullptr, nullptr};
}

} // namespace

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_input_f32 = input_stage<F32, 0>(1, TB_F32);
const tb_stage tb_input_q15 = input_stage<Q15, 0>(1, TB_Q15);
const tb_stage tb_input_q31 = input_stage<Q31, 0>(1, TB_Q31);
const tb_stage tb_input_phase_f32 = input_stage<F32, 2>(2, TB_F32);
const tb_stage tb_input_phase_q15 = input_stage<Q15, 2>(2, TB_Q15);
const tb_stage tb_input_phase_q31 = input_stage<Q31, 2>(2, TB_Q31);
}
