// An autoencoder in double, written slowly from the formulas of autoencoder.hpp.
#pragma once

#include "autoencoder_model.hpp"

namespace autoencoders {

inline double curve(Activation a, double z) {
    switch (a) {
    case Activation::tanh:
        return std::tanh(z);
    case Activation::sigmoid:
        return 1 / (1 + std::exp(-z));
    case Activation::relu:
        return std::min(std::max(z, 0.0), 8 - 0x1p-12);
    default:
        return std::max(std::min(z, 8 - 0x1p-12), -8 + 0x1p-12);
    }
}

inline double slope(Activation a, double v) {
    switch (a) {
    case Activation::tanh:
        return 1 - v * v;
    case Activation::sigmoid:
        return v * (1 - v);
    case Activation::relu:
        return v > 0 ? 1 : 0;
    default:
        return 1;
    }
}

// The formulas of autoencoder.hpp, one number at a time.
class Reference {
  public:
    using Vector = std::vector<double>;

    Reference(const Parameters &words, std::uint32_t d) : w(words) {
        twinbit::Random random(static_cast<std::uint32_t>(words.seed));
        std::uint32_t n = d;
        for (std::size_t l = 0; l <= words.hidden.size(); ++l) {
            const std::uint32_t m = l == words.hidden.size() ? d : static_cast<std::uint32_t>(words.hidden[l].first);
            const double limit = std::floor(std::sqrt(2.0 * std::floor(6.0 * 0x1p29 / (n + m)))); // Q.15
            Layer layer = {std::vector<Vector>(m, Vector(n)), Vector(m)};
            for (Vector &row : layer.weight) {
                for (double &v : row) {
                    const double u = std::floor(static_cast<std::int32_t>(random.bits()) * 0x1p-16); // Q.15
                    v = std::floor(u * limit / 8 + 0.5) * 0x1p-27;
                }
            }
            layers.push_back(layer);
            step.push_back(layer);
            for (Vector &row : step.back().weight) {
                row.assign(row.size(), 0);
            }
            n = m;
        }
    }

    Activation activation(std::size_t l) const { return l < w.hidden.size() ? w.hidden[l].second : w.output; }

    // Inputs of every layer, and the reconstruction.
    std::vector<Vector> forward(const Vector &x) const {
        std::vector<Vector> v = {x};
        for (std::size_t l = 0; l < layers.size(); ++l) {
            Vector y;
            for (std::size_t j = 0; j < layers[l].bias.size(); ++j) {
                double z = layers[l].bias[j];
                for (std::size_t i = 0; i < v[l].size(); ++i) {
                    z += layers[l].weight[j][i] * v[l][i];
                }
                const bool free = l == w.hidden.size() && w.output == Activation::linear;
                y.push_back(free ? z : curve(activation(l), z));
            }
            v.push_back(y);
        }
        return v;
    }

    double loss(const Vector &x) const {
        const Vector y = forward(x).back();
        double sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            sum += (y[i] - x[i]) * (y[i] - x[i]);
        }
        return sum;
    }
    double level(const Vector &x) const { return 0.5 * std::log2(loss(x) / static_cast<double>(x.size()) + 0x1p-24); }

    void learn(const Vector &x) {
        const std::vector<Vector> v = forward(x);
        Vector delta;
        for (std::size_t i = 0; i < x.size(); ++i) {
            delta.push_back((v.back()[i] - x[i]) * slope(w.output, v.back()[i]));
        }
        const Layers before = layers;
        for (std::size_t l = layers.size(); l-- > 0;) {
            move(l, v[l], delta);
            Vector below(v[l].size());
            for (std::size_t i = 0; l > 0 && i < below.size(); ++i) {
                for (std::size_t j = 0; j < delta.size(); ++j) {
                    below[i] += before[l].weight[j][i] * delta[j];
                }
                below[i] *= slope(activation(l - 1), v[l][i]);
            }
            delta = below;
        }
        ++frames;
    }

    // The rate of the next frame.
    double rate() const {
        const int halvings = w.halving > 0 ? frames / w.halving : 0;
        const double r = std::max(std::ldexp(w.rate, -std::min(halvings, 1000)), w.least);
        return std::max(r, std::min(w.rate, w.least)) * (1 - w.momentum);
    }

    Parameters w;
    Layers layers, step;
    int frames = 0;

  private:
    void move(std::size_t l, const Vector &v, const Vector &delta) {
        double energy = 1;
        for (const double a : v) {
            energy += a * a;
        }
        const bool unit = l > 0 && is_unit(activation(l - 1));
        const double limit = unit ? 8 : 1;
        for (std::size_t j = 0; j < delta.size(); ++j) {
            const double g = std::max(-limit, std::min(limit, -rate() / energy * delta[j]));
            for (std::size_t i = 0; i <= v.size(); ++i) {
                double &m = i < v.size() ? step[l].weight[j][i] : step[l].bias[j];
                double &weight = i < v.size() ? layers[l].weight[j][i] : layers[l].bias[j];
                m = w.momentum * m + g * (i < v.size() ? v[i] : 1);
                weight = (weight + m) * (1 - w.decay);
            }
        }
    }
};

inline Reference::Vector real(const Frame &x) {
    Reference::Vector v;
    for (const std::int32_t c : x) {
        v.push_back(c / 4096.0);
    }
    return v;
}

} // namespace autoencoders
