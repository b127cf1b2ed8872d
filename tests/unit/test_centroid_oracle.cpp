// Centroid drift against an oracle that knows the formulas only, slowly and in doubles; and its threshold's steps
// against tables.
#include "centroid_bench.hpp"
#include "drift/centroid_threshold.hpp"
#include "numbers/random.hpp"

using namespace fixtures;

namespace {

struct Mode {
    std::vector<Sampled> frames;
    Sampled centroid, variance;
    double spread = 0, weight = 0;
};

Sampled mean_of(const std::vector<Sampled> &frames) {
    Sampled m(frames[0].size());
    for (const Sampled &x : frames) {
        for (std::size_t i = 0; i < m.size(); ++i) {
            m[i] += x[i] / static_cast<double>(frames.size());
        }
    }
    return m;
}

double square(const Sampled &a, const Sampled &b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
}

double normal_tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

// Where a falling function takes a value.
template <class F> double solve(F f, double value, double low, double high) {
    for (int i = 0; i < 100; ++i) {
        const double middle = (low + high) / 2;
        (f(middle) > value ? low : high) = middle;
    }
    return low;
}

// Keeps every frame. Its windows wait for as many frames of a mode as the detector's.
class Oracle {
  public:
    explicit Oracle(const CentroidSetting &s) : s_(s), draws_(static_cast<std::uint32_t>(s.seed)) {}

    std::vector<Mode> modes;
    std::vector<double> levels; // of windows drawn while calibrating
    double threshold = 0, last = -100;
    int phase = 0;

    bool update(const Sampled &x) {
        ++taken_;
        bool told = false;
        if (phase == 0) {
            learn(x);
            if (taken_ == s_.learning) {
                begin_calibrating();
            }
        } else {
            told = fill(nearest(x), x);
            if (phase == 1 && taken_ >= s_.calibrating && levels.size() >= 4 * static_cast<std::size_t>(s_.windows)) {
                set_threshold();
            }
        }
        return told;
    }

    std::size_t nearest(const Sampled &x) const {
        std::size_t best = 0;
        for (std::size_t j = 1; j < modes.size(); ++j) {
            best = square(x, modes[j].centroid) < square(x, modes[best].centroid) ? j : best;
        }
        return best;
    }

  private:
    struct Window {
        int wait = 0;
        std::vector<Sampled> frames;
    };

    void begin(const Sampled &x) { modes.push_back({{x}, x, {}, 0, 0}); }

    bool opens(const Sampled &x, std::size_t &p, std::size_t &q) const {
        double spread = 0, all = 0, least = 1e9;
        for (const Mode &m : modes) {
            spread += m.spread;
            all += static_cast<double>(m.frames.size());
        }
        for (std::size_t b = 1; b < modes.size(); ++b) {
            for (std::size_t a = 0; a < b; ++a) {
                const double d = square(modes[a].centroid, modes[b].centroid);
                if (d < least) {
                    least = d, p = a, q = b;
                }
            }
        }
        const double far = square(x, modes[nearest(x)].centroid);
        return far > 2 * spread / all && far > least;
    }

    void learn(const Sampled &x) {
        std::size_t p = 0, q = 0;
        if (modes.size() < static_cast<std::size_t>(s_.modes)) {
            begin(x);
        } else if (opens(x, p, q)) {
            Mode &a = modes[p];
            Mode &b = modes[q];
            const auto np = static_cast<double>(a.frames.size()), nq = static_cast<double>(b.frames.size());
            a.spread += b.spread + np * nq / (np + nq) * square(a.centroid, b.centroid);
            a.frames.insert(a.frames.end(), b.frames.begin(), b.frames.end());
            a.centroid = mean_of(a.frames);
            b = {{x}, x, {}, 0, 0};
        } else {
            Mode &m = modes[nearest(x)];
            const auto n = static_cast<double>(m.frames.size());
            m.spread += square(x, m.centroid) * n / (n + 1);
            m.frames.push_back(x);
            m.centroid = mean_of(m.frames);
        }
    }

    void begin_calibrating() {
        std::vector<Mode> kept;
        for (Mode &m : modes) {
            if (m.frames.size() >= static_cast<std::size_t>(s_.window)) {
                const auto n = static_cast<double>(m.frames.size());
                m.variance.assign(m.centroid.size(), m.spread / n / static_cast<double>(m.centroid.size()));
                m.weight = n < 32 ? n : 32;
                kept.push_back(m);
            }
        }
        modes = kept;
        phase = 1;
        taken_ = 0;
        for (int w = 0; w < s_.windows; ++w) {
            windows_.emplace_back(static_cast<std::size_t>(s_.modes));
            for (Window &one : windows_.back()) {
                one.wait = draw();
            }
        }
    }

    int draw() { return static_cast<int>(draws_.below(static_cast<std::uint32_t>(s_.window / 2 + 1))); }

    double level(const Mode &m, const std::vector<Sampled> &frames) const {
        const Sampled mean = mean_of(frames);
        const auto d = static_cast<double>(mean.size());
        double whole = 0, far = 0;
        for (const double v : m.variance) {
            whole += v / d;
        }
        for (std::size_t i = 0; i < mean.size(); ++i) {
            const double e = mean[i] - m.centroid[i];
            far += e * e / ((m.variance[i] + whole) / 2) / d;
        }
        return 0.5 * std::log2(far / (1.0 / s_.window + 1.0 / static_cast<double>(m.frames.size())));
    }

    bool fill(std::size_t j, const Sampled &x) {
        Mode &m = modes[j];
        for (std::size_t i = 0; phase == 1 && i < x.size(); ++i) {
            const double e = x[i] - m.centroid[i];
            m.variance[i] += (e * e - m.variance[i]) / (m.weight + 1);
        }
        m.weight += phase == 1 ? 1 : 0;
        bool told = false;
        for (auto &of_modes : windows_) {
            Window &w = of_modes[j];
            if (w.wait > 0) {
                --w.wait;
                continue;
            }
            w.frames.push_back(x);
            if (w.frames.size() == static_cast<std::size_t>(s_.window)) {
                last = level(m, w.frames);
                told = told || (phase == 2 && last > threshold);
                w.frames.clear();
                if (phase == 1) {
                    levels.push_back(last);
                    w.wait = draw();
                }
            }
        }
        return told;
    }

    void set_threshold() {
        const double p = s_.rate * s_.window / s_.windows;
        const auto count = static_cast<double>(levels.size());
        const double n = std::floor(count / s_.windows);
        double m = 0, v = 0;
        for (const double l : levels) {
            m += std::exp2(l * 2 / 3) / count;
        }
        for (const double l : levels) {
            v += (std::exp2(l * 2 / 3) - m) * (std::exp2(l * 2 / 3) - m) / count * n / (n - 1);
        }
        const double z = solve(normal_tail, p, 0, 8);
        const double t = z + (z * z * z + z) / (4 * (n - 1)) +
                         (5 * std::pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * (n - 1) * (n - 1));
        threshold = 1.5 * std::log2(m + std::sqrt(v) * t * std::sqrt(1 + 1 / n)) + s_.margin;
        phase = 2;
        for (int w = 0; w < s_.windows; ++w) {
            for (Window &one : windows_[static_cast<std::size_t>(w)]) {
                one = {w * s_.window / s_.windows, {}};
            }
        }
    }

    CentroidSetting s_;
    twinbit::Random draws_;
    int taken_ = 0;
    std::vector<std::vector<Window>> windows_;
};

using State = twinbit::CentroidState<twinbit::F32>;

void same_modes(const CentroidWatcher &w, const Oracle &o, std::uint32_t d) {
    REQUIRE(w.field(State::open) == static_cast<double>(o.modes.size()));
    for (std::uint32_t j = 0; j < o.modes.size(); ++j) {
        CHECK(w.field(State::frames, j) == static_cast<double>(o.modes[j].frames.size()));
        CHECK(w.field(State::weight, j) == o.modes[j].weight);
        for (std::uint32_t i = 0; i < d; ++i) {
            CHECK(w.field(State::centroid, j * d + i) == Approx(o.modes[j].centroid[i]).margin(2e-4));
            CHECK(w.field(State::variance, j * d + i) == Approx(o.modes[j].variance[i]).epsilon(0.01));
        }
    }
}

} // namespace

TEST_CASE("Centroid drift: modes, windows, threshold and what is told are the formulas'") {
    for (const std::uint8_t arithmetic : {std::uint8_t{TB_F32}, std::uint8_t{TB_Q15}, std::uint8_t{TB_Q31}}) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            constexpr std::uint32_t d = 5;
            CentroidSetting s;
            s.windows = static_cast<std::int32_t>(seed);
            s.seed = static_cast<std::int32_t>(seed);
            CentroidWatcher w(arithmetic, s, d);
            Oracle o(s);
            Modes m(d, 3, 40 + seed, 0.6);
            int told = 0;
            for (int i = 0; i < 4000 && told == 0; ++i) {
                m.shift = i < 2500 ? 0 : 0.3;
                const Sampled x = m.next();
                REQUIRE(w.field(State::phase) == o.phase);
                const bool mine = o.update(x);
                const bool near = o.phase == 2 && std::abs(o.last - o.threshold) < 0.01;
                REQUIRE((w.update(x) == mine || near));
                told += mine ? 1 : 0;
                if (o.phase == 2 && i % 500 == 0 && !mine) {
                    same_modes(w, o, d);
                    CHECK(w.field(State::replicates) == static_cast<double>(o.levels.size()));
                    CHECK(w.field(State::threshold) == Approx(o.threshold).margin(0.01));
                }
            }
            CHECK(told == 1);
        }
    }
}

TEST_CASE("Centroid drift: quantiles") {
    for (const double p : {0.2, 0.1, 0.01, 1e-3, 1e-5, 1e-8}) {
        const double z = twinbit::normal_quantile(static_cast<std::uint32_t>(p * 0x1p31)) * 0x1p-16;
        CHECK(z == Approx(solve(normal_tail, std::floor(p * 0x1p31) * 0x1p-31, 0, 8)).margin(1e-3));
    }
    // Student's, of tables: one-sided 1 % and 0.1 %
    const auto student = [](double z, std::uint32_t v) {
        return twinbit::student_quantile(static_cast<std::int32_t>(z * 65536), v) * 0x1p-16;
    };
    CHECK(student(2.32635, 10) == Approx(2.7638).epsilon(0.005));
    CHECK(student(2.32635, 30) == Approx(2.4573).epsilon(0.002));
    CHECK(student(3.09023, 20) == Approx(3.5518).epsilon(0.01));
    CHECK(student(3.09023, 1000000) == Approx(3.0902).epsilon(0.001));
    CHECK(twinbit::root_of_level(0) == 65536);
    CHECK(twinbit::root_of_level(3 << 16) == Approx(4 * 65536).epsilon(1e-4));
    CHECK(twinbit::root_of_level(INT32_MAX) <= 128 << 16); // squares of 65,535 of them fit 62 bits
    CHECK(twinbit::root_of_level(INT32_MAX) == Approx(128 << 16).epsilon(1e-4));
    CHECK(twinbit::root_of_level(INT32_MIN) == 0);
}
