// Statistics of another image added to the modes' own, or taken out. The formulas are on top of distance.hpp.
#pragma once

#include "detectors/distance_modes.hpp"

namespace twinbit {

// Counts of both images.
template <class P> class DistanceCounts {
  public:
    using State = DistanceState<P>;

    DistanceCounts(const DistanceModes<P> &modes, const State &s, const std::uint8_t *other, int sign)
        : m_(modes), s_(s), other_(other), sign_(sign) {}

    std::uint32_t theirs(std::uint32_t j) const {
        return peek<std::uint32_t>(other_ + s_.offset[State::frames] + 4 * j);
    }
    std::int64_t both(std::uint32_t j) const { return std::int64_t{m_.frames(j)} + sign_ * std::int64_t{theirs(j)}; }
    std::uint32_t all() const {
        std::int64_t n = 0;
        for (std::uint32_t j = 0; j < s_.modes; ++j) {
            n += both(j);
        }
        return static_cast<std::uint32_t>(n);
    }
    // Sums are exact for that many; where there is one, both images use the same modes (the basis says so).
    bool fit() const {
        for (std::uint32_t j = 0; j < s_.modes; ++j) {
            if (both(j) < 0 || both(j) > sum_frames) {
                return false;
            }
        }
        return all() <= sum_frames;
    }
    void add() const {
        for (std::uint32_t j = 0; j < s_.modes; ++j) {
            m_.frames(j) = static_cast<std::uint32_t>(both(j));
        }
    }

  protected:
    // Number i of a field, or of what the modes scatter.
    template <class T> T field(std::uint32_t f, std::uint32_t i) const {
        return peek<T>(other_ + s_.offset[f] + i * static_cast<std::uint32_t>(sizeof(T)));
    }
    template <class T> T spread(std::uint32_t i) const {
        return peek<T>(other_ + s_.spread + i * static_cast<std::uint32_t>(sizeof(T)));
    }

    DistanceModes<P> m_;
    const State &s_;
    const std::uint8_t *other_;
    int sign_;
};

template <class P> class DistanceMerge : private DistanceCounts<P> { // fixed point
  public:
    using DistanceCounts<P>::DistanceCounts;

    // Every sum stays within what its frames can add up to. Ranges of images leave one bit for the difference.
    bool fits() const {
        bool ok = this->fit();
        for (std::uint32_t i = 0; i < kd() && ok; ++i) {
            const auto n = static_cast<std::uint32_t>(this->both(i / d()));
            ok = within(sum(i), sum_limit<P>(n)) &&
                 (shared() || (square(i) >= 0 && within(square(i), product_limit<P>(n))));
        }
        for (std::uint32_t i = 0; shared() && i < triangle(d()) && ok; ++i) {
            ok = within(product(i), product_limit<P>(this->all()));
        }
        return ok;
    }

    void add() const {
        for (std::uint32_t i = 0; i < kd(); ++i) {
            this->m_.sum(0)[i] = static_cast<Sum>(sum(i));
        }
        for (std::uint32_t i = 0; i < (shared() ? triangle(d()) : kd()); ++i) {
            if (shared()) {
                this->m_.product()[i] = product(i);
            } else {
                this->m_.square(0)[i] = square(i);
            }
        }
        DistanceCounts<P>::add();
    }

  private:
    using State = DistanceState<P>;
    using Sum = typename P::Sum;

    std::uint32_t d() const { return this->s_.features; }
    std::uint32_t kd() const { return this->s_.modes * d(); }
    bool shared() const { return this->s_.is_shared(); }
    static bool within(std::int64_t v, std::int64_t limit) { return v >= -limit && v <= limit; }

    // What number i would become.
    std::int64_t sum(std::uint32_t i) const {
        return this->m_.sum(0)[i] + this->sign_ * std::int64_t{this->template field<Sum>(State::sum, i)};
    }
    std::int64_t square(std::uint32_t i) const {
        return this->m_.square(0)[i] + this->sign_ * this->template spread<std::int64_t>(i);
    }
    std::int64_t product(std::uint32_t i) const {
        return this->m_.product()[i] + this->sign_ * this->template spread<std::int64_t>(i);
    }
};

// Means and scatters, joined as in Chan, Golub & LeVeque 1979.
template <> class DistanceMerge<F32> : private DistanceCounts<F32> {
  public:
    using DistanceCounts<F32>::DistanceCounts;

    bool fits() const {
        bool ok = fit();
        for (std::uint32_t i = 0; i < s_.modes * s_.features && ok && !s_.is_shared(); ++i) {
            const float v = square(i);
            ok = v >= 0.0f && v <= product_limit<F32>(static_cast<std::uint32_t>(both(i / s_.features)));
        }
        const float most = product_limit<F32>(all());
        for (std::uint32_t a = 0; a < s_.features && ok && s_.is_shared(); ++a) {
            for (std::uint32_t b = 0; b <= a && ok; ++b) {
                const float v = product(a, b);
                ok = v >= -most && v <= most;
            }
        }
        return ok;
    }

    void add() const {
        for (std::uint32_t i = 0; i < s_.modes * s_.features && !s_.is_shared(); ++i) {
            m_.square(0)[i] = square(i);
        }
        for (std::uint32_t a = 0; a < s_.features && s_.is_shared(); ++a) {
            for (std::uint32_t b = 0; b <= a; ++b) {
                m_.product()[triangle_at(a, b)] = product(a, b);
            }
        }
        for (std::uint32_t i = 0; i < s_.modes * s_.features; ++i) {
            m_.sum(0)[i] += apart(i) * part(i / s_.features);
        }
        DistanceCounts<F32>::add();
    }

  private:
    // Their mean less the own one, and how far the merged mean lies on that way.
    float apart(std::uint32_t i) const { return field<float>(DistanceState<F32>::sum, i) - m_.sum(0)[i]; }
    float part(std::uint32_t j) const {
        return theirs(j) == 0 ? 0.0f : static_cast<float>(theirs(j)) / static_cast<float>(both(j));
    }
    float weight(std::uint32_t j) const { return static_cast<float>(m_.frames(j)) * part(j); }

    float square(std::uint32_t i) const {
        return m_.square(0)[i] + spread<float>(i) + apart(i) * apart(i) * weight(i / s_.features);
    }
    float product(std::uint32_t a, std::uint32_t b) const {
        float v = m_.product()[triangle_at(a, b)] + spread<float>(triangle_at(a, b));
        for (std::uint32_t j = 0; j < s_.modes; ++j) {
            const std::uint32_t at = j * s_.features;
            v += apart(at + a) * apart(at + b) * weight(j);
        }
        return v;
    }
};

} // namespace twinbit
