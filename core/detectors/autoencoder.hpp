// Autoencoder by backpropagation (Rumelhart, Hinton & Williams 1986): a chain of dense layers that learns to give back
// what is normal through fewer units than features. What it can't give back is anomalous.
//
//   forward  v_0 = x;  z_l = b_l + W_l v_l;  v_l+1 = f_l(z_l);  e = v_L+1 - x
//   score    1/2 log2( |e|^2 / d + 2^-24 )
//   learn    s_l = r (1 - q) / (1 + |v_l|^2)                         r rate, q momentum
//            d_L = e f'_L;  d_l-1 = (W_l^T d_l) f'_l-1               of the squared error, f' from the output value
//            m = m - s_l d_l (v_l, 1)^T;  (W, b)_l += m;  m = q m;  W, b -= c W, c b        c decay
//
// One frame at a time, one step each, no other frame kept. The step is normalised by each layer's input energy (NLMS;
// Nagumo & Noda 1967, Widrow & Hoff 1960), so a rate of 0.1 suits any scale of input and any width; above 0.5 float
// is bad, too, and refused. Momentum is an average of steps (its steps are scaled by 1 - q), so a rate means the same
// with and without it. Decay is decoupled from the rate (Loshchilov & Hutter 2019). The rate halves every `halving`
// frames down to its least; learning ends by early_stop.hpp. Layers begin with uniform weights (Glorot & Bengio 2010)
// of the seed, the same in every arithmetic, and biases of 0; they are written with the first frame, so a block of
// zeros is a new model.
//
// Scaling and overflow: formats in neural.hpp, exact sums in dense_fixed.hpp. Weights lie within +-16 in fixed point.
// In F32 a weight moves by less than 2^10 a frame (gradients are limited to 1, to 8 where inputs lie within 1;
// momentum makes it 100 times as much at most), so rounding ends its growth below 2^35; then z < 2^51, |e|^2 < 2^116,
// and W^T d with d limited to 2^20 < 2^100: inputs within +-8 never give infinity, so nothing gives NaN.
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

    explicit Autoencoder(const Block &block) : b_(block), c_(block.setup, sizeof(Value)) {}

    bool ready() const { return frames() != 0; }
    bool prepare() const { return ready(); }

    // TB_ERR_RANGE once early stopping has ended it.
    tb_status learn(const Sample *x, std::int32_t *score);
    std::int32_t score(const Sample *x) const { return level(error(x)); }
    // |e|^2, where 1 is distance_one<Distance>(). e itself is left in scratch.
    __attribute__((always_inline)) Distance error(const Sample *x) const {
        DenseLayer y = c_.first();
        return error(x, y);
    }
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
    template <class T> T *scratch(std::uint32_t offset) const { return at<T>(b_.scratch, offset); }
    const Value *inputs(const Sample *x, const DenseLayer &y) const {
        return y.l == 0 ? values_of(x) : scratch<Value>(y.below);
    }

    // 1/2 log2(e2 / d); the logarithm of d is kept in the plan, 0 while it is not known.
    std::int32_t level(Distance e2) const {
        const std::uint32_t d = c_.inputs();
        std::int32_t &log_d = *at<std::int32_t>(b_.plan, 0);
        if (log_d == 0) {
            log_d = log2_q24(distance_one<Distance>() * Distance(d));
        }
        return level_between(log2_q24(e2 + least_distance<Distance>(d)), log_d);
    }

    Distance error(const Sample *x, DenseLayer &y) const; // y goes from the first layer to the last
    void forward(const DenseLayer &y, const Value *v, Value *out) const;
    Error *errors() const { return scratch<Error>(c_.layer(c_.hidden()).own); }
    void begin();
    void begin(const DenseLayer &y, Random &random);
    void descend(const Sample *x, DenseLayer &y);
    template <class E> void back(const DenseLayer &y, const Value *v, const E *e, int places, std::int32_t rate);
    void push(const DenseLayer &y, const Value *v);
    void finish();

    Block b_;
    Chain c_;
};

template <class P> bool Autoencoder<P>::shape(const Setup &s, Shape &out) {
    if (!Chain::fits(s, widest_input<P>)) {
        return false;
    }
    const Chain c(s, sizeof(Value));
    const std::uint32_t fields = c.has_momentum() ? State::fields : State::fields - 1;
    out.set(s.inputs, {c.weights(), s.inputs}, fields, c.scratch(), 8);
    return true;
}

template <class P> typename P::Distance Autoencoder<P>::error(const Sample *x, DenseLayer &y) const {
    for (; y.l < c_.hidden(); c_.next(y)) {
        forward(y, inputs(x, y), scratch<Value>(y.own));
    }
    const Value *v = inputs(x, y);
    Error *e = scratch<Error>(y.own);
    if (y.activation == Activation::linear) {
        const auto squares = dense::miss(weight() + y.weight, v, values_of(x), e, y.n, y.m, {N::places_of(y.unit), 0});
        N::note_limits(e, y.m, N::error_limit);
        return distance_of<Error>(squares);
    }
    Value *out = scratch<Value>(c_.reconstruction(y));
    forward(y, v, out);
    for (std::uint32_t i = 0; i < y.m; ++i) {
        e[i] = N::residual(y.activation, out[i], x[i]);
    }
    return distance_of<Error>(dense::squares(e, y.m));
}

template <class P> void Autoencoder<P>::forward(const DenseLayer &y, const Value *v, Value *out) const {
    const int places = N::pre_places(y.unit);
    auto *z = scratch<typename N::Pre>(y.work);
    dense::forward(weight() + y.weight, v, z, y.n, y.m, {N::places_of(y.unit), places});
    N::activate(y.activation, z, out, y.m, places);
}

template <class P> tb_status Autoencoder<P>::learn(const Sample *x, std::int32_t *score_out) {
    const bool ended = stop().ended(c_.patience());
    if (!ready() && !ended) { // both only in a forged image, where nothing may change either
        begin();
    }
    DenseLayer y = c_.first();
    const Distance e2 = error(x, y);
    const std::int32_t now = score_out != nullptr || c_.patience() != 0 ? level(e2) : 0;
    if (score_out != nullptr && ready()) {
        *score_out = now;
    }
    if (ended) {
        return TB_ERR_RANGE;
    }
    if (c_.patience() != 0) {
        stop().observe(now, c_.patience(), c_.improvement());
    }
    descend(x, y);
    frames() += frames() < UINT32_MAX ? 1 : 0;
    age() += age() < UINT32_MAX ? 1 : 0;
    return TB_OK;
}

template <class P> void Autoencoder<P>::explain(const Sample *x, std::int32_t *shares) const {
    const Distance whole = error(x);
    const Error *e = errors();
    for (std::uint32_t i = 0; i < c_.inputs(); ++i) {
        shares[i] = share(distance_of<Error>(dense::squares(e + i, 1)), whole);
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
        begin(c_.layer(l), random);
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

// From error(x, y), which left outputs and errors in scratch and y at the last layer.
template <class P> void Autoencoder<P>::descend(const Sample *x, DenseLayer &y) {
    const std::int32_t rate = c_.rate(age());
    const auto *e = scratch<Error>(y.own);
    const Value *v = scratch<Value>(c_.reconstruction(y));
    auto *delta = scratch<Delta>(y.work);
    bool is_error = y.activation == Activation::linear; // which has a slope of 1
    for (std::uint32_t i = 0; !is_error && i < y.m; ++i) {
        delta[i] = N::delta_of(e[i]);
    }
    for (;;) {
        if (is_error) {
            back(y, inputs(x, y), e, N::error_places, rate);
        } else {
            N::bend(y.activation, v, delta, y.m);
            back(y, inputs(x, y), delta, N::delta_places, rate);
        }
        if (y.l == 0) {
            break;
        }
        y = c_.layer(y.l - 1);
        v = scratch<Value>(y.own);
        delta = scratch<Delta>(y.work);
        is_error = false;
    }
    if (c_.has_momentum() || c_.decay() != 0) {
        finish();
    }
}

// Through a layer with inputs v, whose outputs have the errors e: what they are to the layer below, and the step.
template <class P>
template <class E>
void Autoencoder<P>::back(const DenseLayer &y, const Value *v, const E *e, int places, std::int32_t rate) {
    if (y.l > 0) {
        auto *below = scratch<Delta>(y.work_below);
        dense::pull(weight() + y.weight, e, below, y.n, y.m, {places, N::delta_places});
        N::note_limits(below, y.n);
    }
    const auto step = N::step(rate, dense::squares(v, y.n), N::places_of(y.unit));
    N::gradients(step, places, y.unit, e, scratch<typename N::Gradient>(y.work), y.m); // may stand where e stood
    push(y, v);
}

template <class P> void Autoencoder<P>::push(const DenseLayer &y, const Value *v) {
    Weight *w = (c_.has_momentum() ? momentum() : weight()) + y.weight;
    dense::push(w, v, scratch<typename N::Gradient>(y.work), y.n, y.m, {N::places_of(y.unit), 0});
    N::note_limits(w, (y.n + 1) * y.m);
}

// Momentum and decay: what is done to all weights alike. What is left of the momentum is ready for the next frame.
template <class P> void Autoencoder<P>::finish() {
    Weight *w = weight();
    Weight *m = momentum();
    for (std::uint32_t i = c_.weights(); i > 0; --i, ++w) {
        if (c_.has_momentum()) {
            *w = N::sum(*w, *m);
            *m = N::kept(*m, c_.momentum());
            ++m;
        }
        *w = N::decayed(*w, c_.decay());
    }
}

} // namespace twinbit
