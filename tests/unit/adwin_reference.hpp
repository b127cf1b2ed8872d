// ADWIN in double, slowly and in as many rows as it takes: the formulas of River's ADWIN. With reset = false the window is
// kept: the oldest bucket goes, and the next value looks again (drift/adwin.hpp).
#pragma once

#include <cmath>
#include <deque>
#include <vector>

namespace fixtures {

struct AdwinReference {
    double delta = 0.002;
    int clock = 32, buckets = 5, min_window = 5, grace = 10;
    bool reset = true;

    double width = 0, total = 0, scatter = 0;
    double closest = 1e300; // of the last look: how near a cut came to its bound, as a share of it

    bool update(double x) {
        insert(x);
        closest = 1e300;
        const bool due = ++ticks_ % clock == 0;
        if (!due && !shrinking_) {
            return false;
        }
        const bool before = shrinking_;
        shrinking_ = differs();
        if (shrinking_ && reset) {
            restart();
            return true;
        }
        if (shrinking_) {
            drop();
        }
        return shrinking_ && !before;
    }

    struct Bucket {
        double sum, scatter;
    };
    std::vector<std::deque<Bucket>> rows = std::vector<std::deque<Bucket>>(1);

  private:
    void restart() {
        width = total = scatter = 0;
        rows.assign(1, {});
        ticks_ = 0;
        shrinking_ = false;
    }

    static double square(double v) { return v * v; }

    void insert(double x) {
        width += 1;
        if (width > 1) {
            scatter += (width - 1) * square(x - total / (width - 1)) / width;
        }
        total += x;
        rows[0].push_back({x, 0});
        double n = 1;
        for (std::size_t r = 0; rows[r].size() > static_cast<std::size_t>(buckets); ++r, n *= 2) {
            const Bucket a = rows[r][0];
            const Bucket b = rows[r][1];
            rows[r].erase(rows[r].begin(), rows[r].begin() + 2);
            if (r + 1 == rows.size()) {
                rows.emplace_back();
            }
            rows[r + 1].push_back({a.sum + b.sum, a.scatter + b.scatter + n / 2 * square((a.sum - b.sum) / n)});
        }
    }

    void drop() {
        const double n = std::ldexp(1, static_cast<int>(rows.size()) - 1);
        const Bucket b = rows.back().front();
        width -= n;
        total -= b.sum;
        scatter -= b.scatter + n * width * square(b.sum / n - total / width) / (n + width);
        rows.back().pop_front();
        while (rows.size() > 1 && rows.back().empty()) {
            rows.pop_back();
        }
    }

    bool cut_differs(double n0, double u0) {
        const double n1 = width - n0;
        if (n0 < min_window || n1 < min_window) {
            return false;
        }
        const double d = std::log(2 * std::log(width) / delta);
        const double m = 1 / (n0 - min_window + 1) + 1 / (n1 - min_window + 1);
        const double bound = std::sqrt(2 * m * scatter / width * d) + 2.0 / 3 * d * m;
        const double difference = std::fabs(u0 / n0 - (total - u0) / n1);
        closest = std::min(closest, std::fabs(difference / bound - 1));
        return difference > bound;
    }

    bool differs() {
        double n0 = 0;
        double u0 = 0;
        if (width <= grace) {
            return false;
        }
        for (std::size_t r = rows.size(); r-- > 0;) {
            for (const Bucket &b : rows[r]) {
                n0 += std::ldexp(1, static_cast<int>(r));
                u0 += b.sum;
                if (cut_differs(n0, u0)) {
                    return true;
                }
            }
        }
        return false;
    }

    long ticks_ = 0;
    bool shrinking_ = false;
};

} // namespace fixtures
