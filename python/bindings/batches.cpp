// Many frames in one call, without the interpreter lock. A batch that fails changes nothing.
#include "monitor.hpp"
#include "values.hpp"

#include <pybind11/numpy.h>

#include <algorithm>

namespace twinbit::python {

namespace {

// The monitor as it was, to go back to if a batch stops half way.
class Snapshot {
  public:
    explicit Snapshot(MonitorObject &object) : object_(object), image_(object.image()) {}

    void restore() {
        tb_load(object_.get(), image_.data(), static_cast<std::uint32_t>(image_.size()), TB_LOAD_RAW);
        std::copy(image_.begin(), image_.end(), object_.get()->image);
    }

  private:
    MonitorObject &object_;
    std::string image_;
};

// One call of the C interface for each kind of values, all frames of a batch in it.
template <class F32, class I32, class I16>
tb_status dispatch(const Values &values, const F32 &f32, const I32 &i32, const I16 &i16, std::uint32_t &done) {
    switch (values.kind) {
    case Kind::F32:
        return f32(values.data<float>(), &done);
    case Kind::I32:
        return i32(values.data<std::int32_t>(), &done);
    case Kind::I16:
        break;
    }
    const std::int16_t *row = values.data<std::int16_t>();
    for (done = 0; done < values.frames; ++done, row += values.count) {
        const tb_status status = i16(row, done);
        if (status < 0) {
            return status;
        }
    }
    return TB_OK;
}

// Runs a batch with the guard and without the interpreter lock; undoes it and raises if a frame is refused.
template <class Run> void run_batch(MonitorObject &object, const Values &values, const char *what, const Run &run) {
    std::uint32_t done = 0;
    tb_status status = TB_OK;
    {
        const Guard guard(object);
        const py::gil_scoped_release release;
        Snapshot snapshot(object);
        status = run(done);
        if (status < 0) {
            snapshot.restore();
        }
    }
    if (status < 0) {
        const bool inside = done < values.frames;
        raise_status(status, what, {inside ? done : -1, inside ? bad_channel(values, done) : -1});
    }
}

py::array_t<tb_result> step_many(MonitorObject &object, const py::array &array, const py::object &dt,
                                 const py::object &phase) {
    const Values values = values_of(array, "step");
    const Contexts contexts(dt, phase, values.frames);
    py::array_t<tb_result> results(values.frames);
    tb_result *out = results.mutable_data();
    tb_monitor *m = object.get();
    const std::uint32_t n = values.frames, c = values.count;
    run_batch(object, values, "step", [&](std::uint32_t &done) {
        return dispatch(
            values, [&](auto *x, auto *d) { return tb_step_f32_many(m, x, n, c, contexts.data(), out, d); },
            [&](auto *x, auto *d) { return tb_step_i32_many(m, x, n, c, contexts.data(), out, d); },
            [&](auto *x, std::uint32_t i) { return tb_step_i16(m, x, c, contexts.at(i), out + i); }, done);
    });
    return results;
}

py::array_t<std::int32_t> score_many(MonitorObject &object, const py::array &array, const py::object &phase) {
    const Values values = values_of(array, "score");
    const Contexts contexts(py::none(), phase, values.frames);
    py::array_t<std::int32_t> scores(values.frames);
    std::int32_t *out = scores.mutable_data();
    const tb_monitor *m = object.get();
    const std::uint32_t n = values.frames, c = values.count;
    run_batch(object, values, "score", [&](std::uint32_t &done) {
        return dispatch(
            values, [&](auto *x, auto *d) { return tb_score_f32_many(m, x, n, c, contexts.data(), out, d); },
            [&](auto *x, auto *d) { return tb_score_i32_many(m, x, n, c, contexts.data(), out, d); },
            [&](auto *x, std::uint32_t i) { return tb_score_i16(m, x, c, contexts.at(i), out + i); }, done);
    });
    return scores;
}

void learn_many(MonitorObject &object, const py::array &array, const py::object &phase) {
    const Values values = values_of(array, "learn");
    const Contexts contexts(py::none(), phase, values.frames);
    tb_monitor *m = object.get();
    const std::uint32_t n = values.frames, c = values.count;
    run_batch(object, values, "learn", [&](std::uint32_t &done) {
        return dispatch(
            values, [&](auto *x, auto *d) { return tb_learn_f32_many(m, x, n, c, contexts.data(), d); },
            [&](auto *x, auto *d) { return tb_learn_i32_many(m, x, n, c, contexts.data(), d); },
            [&](auto *x, std::uint32_t i) { return tb_learn_i16(m, x, c, contexts.at(i)); }, done);
    });
}

// There is no one-pass form for 16 bits in C, so they are widened; the mark of a missing value is, too.
Values widened(Values values) {
    if (values.kind != Kind::I16) {
        return values;
    }
    py::array_t<std::int32_t> wide({values.frames, values.count});
    const std::int16_t *from = values.data<std::int16_t>();
    std::transform(from, from + wide.size(), wide.mutable_data(),
                   [](std::int16_t x) { return x == TB_MISSING_I16 ? TB_MISSING_I32 : std::int32_t{x}; });
    values.array = wide;
    values.kind = Kind::I32;
    return values;
}

py::array_t<std::int32_t> learn_score_many(MonitorObject &object, const py::array &array, const py::object &phase) {
    const Values values = widened(values_of(array, "learn_score"));
    const Contexts contexts(py::none(), phase, values.frames);
    py::array_t<std::int32_t> scores(values.frames);
    std::int32_t *out = scores.mutable_data();
    tb_monitor *m = object.get();
    const std::uint32_t n = values.frames, c = values.count;
    run_batch(object, values, "learn_score", [&](std::uint32_t &done) {
        return values.kind == Kind::F32
                   ? tb_learn_score_f32_many(m, values.data<float>(), n, c, contexts.data(), out, &done)
                   : tb_learn_score_i32_many(m, values.data<std::int32_t>(), n, c, contexts.data(), out, &done);
    });
    return scores;
}

py::array_t<std::int32_t> explain_many(MonitorObject &object, const py::array &array, const py::object &phase) {
    const Values values = values_of(array, "explain");
    const Contexts contexts(py::none(), phase, values.frames);
    const std::uint32_t features = object.features(), c = values.count;
    py::array_t<std::int32_t> shares({values.frames, features});
    std::int32_t *out = shares.mutable_data();
    const tb_monitor *m = object.get();
    const auto each = [&](const auto *x, std::uint32_t *done, auto *call) {
        tb_status status = TB_OK;
        for (*done = 0; *done < values.frames && status >= 0; *done += status >= 0 ? 1u : 0u) {
            const std::size_t i = *done;
            status = call(m, x + i * c, c, contexts.at(*done), out + i * features, features);
        }
        return status;
    };
    run_batch(object, values, "explain", [&](std::uint32_t &done) {
        return dispatch(
            values, [&](auto *x, auto *d) { return each(x, d, &tb_explain_f32); },
            [&](auto *x, auto *d) { return each(x, d, &tb_explain_i32); },
            [&](auto *x, std::uint32_t i) {
                return tb_explain_i16(m, x, c, contexts.at(i), out + std::size_t{i} * features, features);
            },
            done);
    });
    return shares;
}

} // namespace

void register_batches(py::class_<MonitorObject> &monitor) {
    PYBIND11_NUMPY_DTYPE(tb_result, frame, score, smoothed, threshold, flags, state, similarity, reserved);
    const auto none = py::none();
    monitor.def("step_many", &step_many, py::arg("values"), py::arg("dt") = none, py::arg("phase") = none,
                "Frames through the stream; one tb_result each.");
    monitor.def("score_many", &score_many, py::arg("values"), py::arg("phase") = none,
                "Raw scores, octaves * 65536. Nothing moves.");
    monitor.def("learn_many", &learn_many, py::arg("values"), py::arg("phase") = none,
                "The detector learns each frame.");
    monitor.def("learn_score_many", &learn_score_many, py::arg("values"), py::arg("phase") = none,
                "Each frame's score before it is learned.");
    monitor.def("explain_many", &explain_many, py::arg("values"), py::arg("phase") = none,
                "Each feature's share of the score * 65536, (frames, features).");
}

} // namespace twinbit::python
