// Autoencoder by backpropagation (Rumelhart, Hinton & Williams 1986): a chain of dense layers that learns to give back
// what is normal through fewer units than features. What it can't give back is anomalous.
//
//   forward  v_0 = x;  z_l = b_l + W_l v_l;  v_l+1 = f_l(z_l);  e = v_L+1 - x
//   score    1/2 log2( |e|^2 / d + 2^-24 )
//   learn    s_l = r (1 - q) / (1 + |v_l|^2)                         r rate, q momentum
//            d_L = e f'_L;  d_l-1 = (W_l^T d_l) f'_l-1               of the squared error, f' from the output value
//            m = q m - s_l d_l (v_l, 1)^T;  (W, b)_l += m;  W, b -= c W, c b        c decay
//
// One frame at a time, one step each, no other frame kept. The step is normalised by each layer's input energy (NLMS;
// Nagumo & Noda 1967, Widrow & Hoff 1960), so a rate of 0.1 suits any scale of input and any width; above 0.5 float is bad,
// too, and refused. Momentum is an average of steps (its steps are scaled by 1 - q), so a rate means the same with and
// without it. Decay is decoupled from the rate (Loshchilov & Hutter 2019). The rate halves every `halving` frames
// down to its least; learning ends by early_stop.hpp. Layers begin with uniform weights (Glorot & Bengio 2010) of the
// seed, the same in every arithmetic, and biases of 0; they are written with the first frame, so a block of zeros is a
// new model.
//
// Scaling and overflow: formats in neural.hpp, exact sums in dense_fixed.hpp. Weights lie within +-16 in fixed point. In
// F32 a weight moves by less than 2^10 a frame (gradients are limited to 1, to 8 where inputs lie within 1; momentum
// makes it 100 times as much at most), so rounding ends its growth below 2^35; then z < 2^51, |e|^2 < 2^116, and W^T d
// with d limited to 2^20 < 2^100: inputs within +-8 never give infinity, so nothing gives NaN.
// Memory: image 40 bytes and 4 (n + 1) m for each layer, twice that with momentum. Cost: sum of n m multiplications a
// score, three times as many to learn.
// Merge: none, two nets that learned apart have no common coordinates.
// Blind to: a mode that it has not seen for long, as it forgets (bank.hpp); anomalies that lie in what it learned to
// give back.
#pragma once

#include "detectors/autoencoder_state.hpp"
#include "detectors/autoencoder_steps.hpp"
#include "detectors/early_stop.hpp"
#include "detectors/level.hpp"
#include "linear/distance.hpp"

namespace twinbit {

template <class P> class Autoencoder {
  public:
    using Sample = typename P::Sample;
    using Distance = typename P::Distance;

    using State = AutoencoderState<P>;
    static constexpr std::uint16_t policy_words = Chain::policy_words;

    // Checks the words, says what memory they need.
    static bool shape(const Setup &, Shape &);

    explicit Autoencoder(const Block &block) : b_(block), c_(block.setup), s_(c_) {}

    bool ready() const { return frames() != 0; }
    bool prepare() const { return ready(); }

    // TB_ERR_RANGE once early stopping has ended it.
    tb_status learn(const Sample *x, std::int32_t *score);
    std::int32_t score(const Sample *x) const { return level(error(x)); }
    // |e|^2, where 1 is distance_one<Distance>(). e itself is left in scratch.
    Distance error(const Sample *x) const;
    void explain(const Sample *x, std::int32_t *shares) const;
    void settle() {}
    // Goes on from what it has learned: the rate and early stopping begin anew.
    void new_epoch();
    tb_status can_merge(const std::uint8_t *, int) const { return TB_ERR_UNSUPPORTED; }
    tb_status merge(const std::uint8_t *, int) { return TB_ERR_UNSUPPORTED; }
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }

  private:
    using N = Neural<P>;
    using Weight = typename N::Weight;
    using Value = typename N::Value;
    using Error = typename N::Error;
    using Delta = typename N::Delta;

    template <class T> T &field(std::uint32_t f) const { return *at<T>(b_.image, State::offset(f)); }
    std::uint32_t &frames() const { return field<std::uint32_t>(State::frames); }
    std::uint32_t &age() const { return field<std::uint32_t>(State::age); }
    EarlyStop stop() const {
        return {field<std::int32_t>(State::average), field<std::int32_t>(State::best),
                field<std::uint32_t>(State::since)};
    }
    Weight *weight() const { return &field<Weight>(State::weight); }
    Weight *momentum() const { return weight() + align8(4 * c_.weights()) / 4; }
    typename N::Pre *pre() const { return at<typename N::Pre>(b_.scratch, s_.pre); }
    Error *errors() const { return at<Error>(b_.scratch, s_.error); }
    DenseLayer layer(std::uint32_t l) const { return c_.layer(l, sizeof(Value)); }
    const Value *inputs(const Sample *x, const DenseLayer &y) const {
        return y.weight == 0 ? values_of(x) : at<Value>(b_.scratch, y.input);
    }
    Value *outputs(const DenseLayer &y) const { return at<Value>(b_.scratch, y.output); }
    std::int32_t level(Distance e2) const {
        const std::uint32_t d = c_.inputs();
        return level_of(e2 + least_distance<Distance>(d), distance_one<Distance>() * Distance(d));
    }

    void activate(const Sample *x, std::uint32_t l) const;
    void begin();
    void begin(const DenseLayer &y, Random &random);
    void descend(const Sample *x);
    template <class E> void back(const DenseLayer &y, const Value *v, const E *e, int places, Delta *below);
    void push(const DenseLayer &y, const Value *v);
    template <class E> void bend(const DenseLayer &y, E *e) const;
    void finish();

    Block b_;
    Chain c_;
    AutoencoderScratch<P> s_;
};

template <class P> bool Autoencoder<P>::shape(const Setup &s, Shape &out) {
    if (!Chain::fits(s, widest_input<P>)) {
        return false;
    }
    const Chain c(s);
    const std::uint32_t fields = c.has_momentum() ? State::fields : State::fields - 1;
    out.set(s.inputs, {c.weights(), s.inputs}, fields, AutoencoderScratch<P>(c).bytes);
    return true;
}

template <class P> typename P::Distance Autoencoder<P>::error(const Sample *x) const {
    for (std::uint32_t l = 0; l < c_.hidden(); ++l) {
        activate(x, l);
    }
    const DenseLayer y = layer(c_.hidden());
    if (y.activation == Activation::linear) {
        const auto squares =
            dense::miss(weight() + y.weight, inputs(x, y), values_of(x), errors(), y.n, y.m, {N::places_of(y.unit), 0});
        N::note_limits(errors(), y.m, N::error_limit);
        return distance_of<Error>(squares);
    }
    activate(x, c_.hidden());
    for (std::uint32_t i = 0; i < y.m; ++i) {
        errors()[i] = N::residual(y.activation, outputs(y)[i], x[i]);
    }
    return distance_of<Error>(energy(errors(), y.m));
}

// The outputs of layer l.
template <class P> void Autoencoder<P>::activate(const Sample *x, std::uint32_t l) const {
    const DenseLayer y = layer(l);
    const int places = N::pre_places(y.unit);
    dense::forward(weight() + y.weight, inputs(x, y), pre(), y.n, y.m, {N::places_of(y.unit), places});
    Value *v = outputs(y);
    for (std::uint32_t j = 0; j < y.m; ++j) {
        v[j] = N::activate(y.activation, pre()[j], places);
    }
}

template <class P> tb_status Autoencoder<P>::learn(const Sample *x, std::int32_t *score_out) {
    if (!ready()) {
        begin();
    }
    const std::int32_t now = level(error(x));
    if (score_out != nullptr && ready()) {
        *score_out = now;
    }
    if (stop().ended(c_.patience())) {
        return TB_ERR_RANGE;
    }
    if (c_.patience() != 0) {
        stop().observe(now, c_.patience(), c_.improvement());
    }
    descend(x);
    frames() += frames() < UINT32_MAX ? 1 : 0;
    age() += age() < UINT32_MAX ? 1 : 0;
    return TB_OK;
}

template <class P> void Autoencoder<P>::explain(const Sample *x, std::int32_t *shares) const {
    const Distance whole = error(x);
    for (std::uint32_t i = 0; i < c_.inputs(); ++i) {
        shares[i] = share(distance_of<Error>(energy(errors() + i, 1)), whole);
    }
}

template <class P> void Autoencoder<P>::new_epoch() {
    age() = 0;
    stop().restart();
    if (c_.has_momentum()) {
        std::memset(momentum(), 0, 4 * c_.weights());
    }
}

template <class P> void Autoencoder<P>::begin() {
    Random random(c_.seed());
    for (std::uint32_t l = 0; l <= c_.hidden(); ++l) {
        begin(layer(l), random);
    }
}

// Drawn by outputs in every arithmetic, so that one seed gives one net.
template <class P> void Autoencoder<P>::begin(const DenseLayer &y, Random &random) {
    const std::uint32_t limit = start_limit(y.n, y.m);
    Weight *w = weight() + y.weight;
    for (std::uint32_t j = 0; j < y.m; ++j) {
        for (std::uint32_t i = 0; i < y.n; ++i) {
            w[weight_at(w, i, j, y.n, y.m)] = N::weight(start_weight(random, limit));
        }
        w[y.n * y.m + j] = N::weight(0);
    }
}

// From error(x), which left outputs and errors in scratch.
template <class P> void Autoencoder<P>::descend(const Sample *x) {
    Weight *m = momentum();
    for (std::uint32_t i = 0; c_.has_momentum() && i < c_.weights(); ++i) {
        m[i] = N::kept(m[i], c_.momentum());
    }
    std::uint32_t l = c_.hidden();
    DenseLayer y = layer(l);
    Delta *below = at<Delta>(b_.scratch, s_.delta[0]);
    if (y.activation != Activation::linear) {
        bend(y, errors());
    }
    back(y, inputs(x, y), errors(), N::error_places, below);
    while (l-- > 0) {
        const Delta *e = below;
        y = layer(l);
        bend(y, below);
        below = l == 0 ? nullptr : at<Delta>(b_.scratch, s_.delta[(c_.hidden() - l) & 1]);
        back(y, inputs(x, y), e, N::delta_places, below);
    }
    finish();
}

// Through the activation of a layer.
template <class P> template <class E> void Autoencoder<P>::bend(const DenseLayer &y, E *e) const {
    const Value *v = outputs(y);
    for (std::uint32_t j = 0; j < y.m; ++j) {
        e[j] = N::bent(e[j], N::slope(y.activation, v[j]));
    }
}

// Through a layer whose outputs have the errors e: what they are to the layer below, if there is one, and the step.
template <class P>
template <class E>
void Autoencoder<P>::back(const DenseLayer &y, const Value *v, const E *e, int places, Delta *below) {
    if (below != nullptr) {
        dense::pull(weight() + y.weight, e, below, y.n, y.m, {places, N::delta_places});
        N::note_limits(below, y.n);
    }
    const auto step = N::step(c_.rate(age()), energy(v, y.n), N::places_of(y.unit));
    const typename N::Gradients gradient(step, places, y.unit);
    typename N::Gradient *g = pre(); // z is not needed any more
    for (std::uint32_t j = 0; j < y.m; ++j) {
        g[j] = gradient(e[j]);
    }
    push(y, v);
}

template <class P> void Autoencoder<P>::push(const DenseLayer &y, const Value *v) {
    Weight *w = (c_.has_momentum() ? momentum() : weight()) + y.weight;
    dense::push(w, v, pre(), y.n, y.m, {N::places_of(y.unit), 0});
    N::note_limits(w, (y.n + 1) * y.m);
}

// What is done to all weights alike.
template <class P> void Autoencoder<P>::finish() {
    Weight *w = weight();
    const Weight *m = momentum();
    for (std::uint32_t i = 0; c_.has_momentum() && i < c_.weights(); ++i) {
        w[i] = N::sum(w[i], m[i]);
    }
    for (std::uint32_t i = 0; c_.decay() != 0 && i < c_.weights(); ++i) {
        w[i] = N::decayed(w[i], c_.decay());
    }
}

} // namespace twinbit
