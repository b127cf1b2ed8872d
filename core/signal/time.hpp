// Time features of one axis of a window: level, shape and pace, without a transform.
//
//   u_i = x_i - m, m the window's own mean, n samples       S = (1/n) sum u^2
//   mean        m                                   (raw)   slope       mean of the later half less that of the earlier
//   rms         log2 sqrt(S)                                peak        log2 max |u|
//   crest       peak - rms                                  kurtosis    log2( (1/n) sum u^4 / S^2 )
//   skewness    (1/n) sum u^3 / S^1.5            (2^-16)    crossings   share of neighbours of unlike sign    (2^-16)
//   shape       rms - log2 (1/n) sum |u|                    clearance   peak - 2 log2 (1/n) sum sqrt |u|
//   impulse     peak - log2 (1/n) sum |u|                   difference  log2 sqrt( (1/n') sum (u_i - u_(i-1))^2 )
//   mobility    difference - rms                            n' = n - 1
//
// The mean and the slope are in raw units, what has log2 is in octaves; skewness and crossings are plain numbers. A
// flat window has levels of 2^-14 (F32 2^-60), ratios of 1 (0 octaves), skewness 0 and no crossings.
// (Kurtosis and its kin: R. B. Randall, Vibration-based Condition Monitoring, 2011, ch. 5; mobility: B. Hjorth,
// Electroenceph. clin. Neurophysiol. 29, 1970.)
//
// Words: mask of the features, in this order from bit 0; fused (0 each axis has its own, 1 their mean over the axes).
// Memory: none. Cost: in fixed point one pass over the window for all sums, but for clearance, which takes a root a
// sample; in float a pass for each kind of sum that the mask needs.
#pragma once

#include "signal/time_fixed.hpp"
#include "signal/time_float.hpp"

namespace twinbit {

enum class TimeFeature : std::uint8_t {
    mean,
    slope,
    rms,
    peak,
    crest,
    kurtosis,
    skewness,
    crossings,
    shape,
    clearance,
    impulse,
    difference,
    mobility,
    count
};

template <class... Kinds> constexpr std::uint32_t mask_of(Kinds... kinds) {
    return ((1u << static_cast<std::uint32_t>(kinds)) | ...);
}

// The features of one column. Only the sums that a mask needs are made.
template <class Raw> class TimeFeatures {
    using O = Octaves<Raw>;
    using Log = typename O::Log;

  public:
    TimeFeatures(const Raw *column, std::uint32_t n, std::uint32_t mask)
        : x_(column, n, (mask & ~mask_of(TimeFeature::mean, TimeFeature::slope)) != 0), count_(O::log(n)) {
        using F = TimeFeature;
        if ((mask & ~mask_of(F::mean, F::slope, F::peak, F::crossings)) != 0) {
            square_ = O::log(x_.squares()) - count_;
        }
        if ((mask & mask_of(F::shape, F::impulse)) != 0) {
            absolute_ = O::log(x_.magnitudes()) - count_;
        }
        if ((mask & mask_of(F::difference, F::mobility)) != 0) {
            difference_ = O::log(x_.squared_differences()) - O::log(n - 1);
        }
    }

    Raw operator()(TimeFeature feature) const {
        switch (feature) {
        case TimeFeature::mean:
            return x_.mean();
        case TimeFeature::slope:
            return x_.slope();
        case TimeFeature::skewness:
            return x_.flat() ? Raw{0} : x_.skewness(square_);
        case TimeFeature::crossings:
            return x_.flat() ? Raw{0} : x_.crossings();
        default:
            return O::raw(level(feature));
        }
    }

  private:
    Log level(TimeFeature feature) const {
        if (x_.flat()) {
            return feature == TimeFeature::rms || feature == TimeFeature::peak || feature == TimeFeature::difference
                       ? -x_.scale()
                       : O::whole(0);
        }
        switch (feature) {
        case TimeFeature::rms:
            return O::half(square_) - x_.scale();
        case TimeFeature::peak:
            return peak() - x_.scale();
        case TimeFeature::difference:
            return O::half(difference_) - x_.scale();
        default:
            return ratio(feature);
        }
    }

    Log ratio(TimeFeature feature) const {
        switch (feature) {
        case TimeFeature::crest:
            return peak() - O::half(square_);
        case TimeFeature::kurtosis:
            return O::log(x_.fourths()) + x_.fourth_scale() - count_ - square_ - square_;
        case TimeFeature::shape:
            return O::half(square_) - absolute_;
        case TimeFeature::clearance: {
            const Log root = O::log(x_.roots()) - count_;
            return peak() - root - root + x_.root_scale();
        }
        case TimeFeature::impulse:
            return peak() - absolute_;
        default: // mobility
            return O::half(difference_) - O::half(square_);
        }
    }

    Log peak() const { return O::log(x_.peak()); }

    Centred<Raw> x_;
    Log count_;
    Log square_ = 0, absolute_ = 0, difference_ = 0; // log2 of the means of u^2, |u| and squared differences
};

} // namespace twinbit
