/* The reference for speed: a multilayer perceptron with tanh, squared error and plain SGD, vectorised by hand.
 *
 * It does the same as engine/machine, in the same order and with the same layout (a unit's batch along the lanes, the
 * bias as the weight of a row of ones), but only for this kind of network: no table, no choices, layer after layer.
 * GCC's and Clang's vector extensions compile to AVX-512, AVX2 or NEON, as the machine has it.
 */
#include <stddef.h>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

enum { LANES = 16, MAX_LAYERS = 16 };

typedef float vector __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));
typedef float quarter __attribute__((vector_size(4 * sizeof(float)), aligned(4)));
typedef int mask __attribute__((vector_size(LANES * sizeof(int))));

static inline vector load(const float *place) { return *(const vector *)place; }
static inline void store(float *place, vector v) { *(vector *)place = v; }

static inline vector spread(float x) { return (vector){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
static inline vector where(mask m, vector yes, vector no) { return (vector)((m & (mask)yes) | (~m & (mask)no)); }

static inline vector hyperbolic_tangent(vector z) {
    vector most = spread(8.0f), least = spread(-8.0f);
    vector x = where(z > most, most, z);
    x = where(x < least, least, x);
    vector u = x * x;
    vector p = ((1.1428522440203635e-05f * u + 0.002951034226978135f) * u + 0.1292567342170759f) * u + 0.9999998548608113f;
    vector q = 2.4592401202112015e-07f * u + 0.00023867055920207784f;
    q = ((q * u + 0.023815598841125822f) * u + 0.46258889145754983f) * u + 1.0f;
    return x * p / q;
}

/* outputs[o] = sum over i of weights[o * across + i * along] * inputs[i] */
static inline void weighted_sums(const float *weights, int across, int along, const float *inputs, int fan_in,
                                 float *outputs, int fan_out, int width, int used) {
    for (int lane = 0; lane < used; lane += LANES) {
        int o = 0;
        for (; o + 4 <= fan_out; o += 4) {
            const float *w = weights + o * across;
            vector a = {0}, b = {0}, c = {0}, d = {0};
            for (int i = 0; i < fan_in; i++, w += along) {
                vector x = load(inputs + i * width + lane);
                a += w[0] * x;
                b += w[across] * x;
                c += w[2 * across] * x;
                d += w[3 * across] * x;
            }
            float *place = outputs + o * width + lane;
            store(place, a);
            store(place + width, b);
            store(place + 2 * width, c);
            store(place + 3 * width, d);
        }
        for (; o < fan_out; o++) {
            vector a = {0};
            for (int i = 0; i < fan_in; i++)
                a += weights[o * across + i * along] * load(inputs + i * width + lane);
            store(outputs + o * width + lane, a);
        }
    }
}

static inline vector pair_sums(vector a, vector b) {
    return __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30) +
           __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
}

static inline quarter four_totals(vector a, vector b, vector c, vector d) {
    vector ab = pair_sums(a, b), cd = pair_sums(c, d);
    vector all = __builtin_shufflevector(ab, cd, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
                 __builtin_shufflevector(ab, cd, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    return (__builtin_shufflevector(all, all, 0, 1, 2, 3) + __builtin_shufflevector(all, all, 4, 5, 6, 7)) +
           (__builtin_shufflevector(all, all, 8, 9, 10, 11) + __builtin_shufflevector(all, all, 12, 13, 14, 15));
}

static inline void store_four(float *place, quarter sums, int count) {
#ifdef __AVX512VL__
    _mm_mask_storeu_ps(place, count >= 4 ? 15 : (1 << count) - 1, (__m128)sums);
#else
    if (count >= 4)
        *(quarter *)place = sums;
    else
        for (int k = 0; k < count; k++) place[k] = sums[k];
#endif
}

static inline void gradients_by_weight(const float *values, int first, int columns, const float *slopes, int fan_out,
                                       float *gradients, int width, int count) {
    for (int o = 0; o < fan_out; o++, gradients += columns)
        for (int i = first; i < columns; i += 4) {
            vector a = {0}, b = {0}, c = {0}, d = {0};
            for (int lane = 0; lane < count; lane += LANES) {
                vector slope = load(slopes + o * width + lane);
                const float *x = values + i * width + lane;
                a += slope * load(x);
                b += slope * load(x + width);
                c += slope * load(x + 2 * width);
                d += slope * load(x + 3 * width);
            }
            quarter sums = four_totals(a, b, c, d);
            store_four(gradients + i, sums, columns - i);
        }
}

#define EXCHANGE(run, ...)                                                                                             \
    for (int upper = 0; upper < LANES; upper++)                                                                        \
        if (!(upper & run)) {                                                                                          \
            vector left = rows[upper], right = rows[upper + run];                                                      \
            rows[upper] = __builtin_shufflevector(left, right, __VA_ARGS__);

static inline void transpose(const float *source, int stride, float *target) {
    vector rows[LANES];
    for (int row = 0; row < LANES; row++) rows[row] = load(source + row * stride);
    EXCHANGE(1, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
            rows[upper + 1] = __builtin_shufflevector(left, right, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
        }
    EXCHANGE(2, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
            rows[upper + 2] = __builtin_shufflevector(left, right, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
        }
    EXCHANGE(4, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
            rows[upper + 4] = __builtin_shufflevector(left, right, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
        }
    EXCHANGE(8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
            rows[upper + 8] = __builtin_shufflevector(left, right, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
        }
    for (int row = 0; row < LANES; row++) store(target + row * LANES, rows[row]);
}

static inline void store_first(float *place, vector v, int count) {
#ifdef __AVX512F__
    _mm512_mask_storeu_ps(place, count >= LANES ? 0xffff : (1 << count) - 1, (__m512)v);
#else
    if (count >= LANES)
        store(place, v);
    else
        for (int k = 0; k < count; k++) place[k] = v[k];
#endif
}

static inline void gradients_by_example(const float *values, int columns, const float *slopes, int fan_out,
                                        float *gradients, int width, int count) {
    float turned[LANES * LANES] __attribute__((aligned(64)));
    int end = columns % LANES > 4 ? columns : columns - columns % LANES;
    for (int i = 0; i < end; i += LANES) {
        transpose(values + i * width, width, turned);
        int o = 0;
        for (; o + 4 <= fan_out; o += 4) {
            const float *slope = slopes + o * width;
            vector a = {0}, b = {0}, c = {0}, d = {0};
            for (int e = 0; e < count; e++) {
                vector x = load(turned + e * LANES);
                a += slope[e] * x;
                b += slope[width + e] * x;
                c += slope[2 * width + e] * x;
                d += slope[3 * width + e] * x;
            }
            float *place = gradients + o * columns + i;
            store_first(place, a, columns - i);
            store_first(place + columns, b, columns - i);
            store_first(place + 2 * columns, c, columns - i);
            store_first(place + 3 * columns, d, columns - i);
        }
        for (; o < fan_out; o++) {
            vector a = {0};
            for (int e = 0; e < count; e++) a += slopes[o * width + e] * load(turned + e * LANES);
            store_first(gradients + o * columns + i, a, columns - i);
        }
    }
    if (end < columns) gradients_by_weight(values, end, columns, slopes, fan_out, gradients, width, count);
}

static inline void weight_gradients(const float *values, int columns, const float *slopes, int fan_out,
                                    float *gradients, int width, int count) {
    if (count <= LANES && fan_out >= 4 && columns > 4)
        gradients_by_example(values, columns, slopes, fan_out, gradients, width, count);
    else
        gradients_by_weight(values, 0, columns, slopes, fan_out, gradients, width, count);
}

/* shape[0..layers]: units of each layer. values and slopes: rows of `width` lanes, each layer's units and then a row of
 * ones, with sixteen rows to spare at the end. inputs: (shape[0], stride). Batches follow one another; examples % batch == 0. */
void train(const int *shape, int layers, float *parameters, float *gradients, float *values, float *slopes, int width,
           const float *inputs, const float *targets, int stride, int examples, int batch, int epochs, float rate) {
    size_t row[MAX_LAYERS + 1], place[MAX_LAYERS + 1];
    row[0] = place[0] = 0;
    for (int l = 0; l < layers; l++) {
        row[l + 1] = row[l] + shape[l] + 1;
        place[l + 1] = place[l] + (size_t)shape[l + 1] * (shape[l] + 1);
    }
    int used = (batch + LANES - 1) / LANES * LANES;
    const mask lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    for (int epoch = 0; epoch < epochs; epoch++)
        for (int start = 0; start < examples; start += batch) {
            for (int i = 0; i < shape[0]; i++)
                for (int lane = 0; lane < used; lane += LANES)
                    store(values + i * width + lane, load(inputs + i * stride + start + lane));
            for (int l = 0; l < layers; l++) {
                float *out = values + row[l + 1] * width;
                weighted_sums(parameters + place[l], shape[l] + 1, 1, values + row[l] * width, shape[l] + 1, out,
                              shape[l + 1], width, used);
                for (int unit = 0; unit < shape[l + 1]; unit++)
                    for (int lane = 0; lane < used; lane += LANES)
                        store(out + unit * width + lane, hyperbolic_tangent(load(out + unit * width + lane)));
            }
            for (int lane = 0; lane < used; lane += LANES) {
                size_t at = row[layers] * width + lane;
                vector error = load(values + at) - load(targets + start + lane);
                store(slopes + at, where(lane_numbers < batch - lane, error, spread(0.0f)));
            }
            for (int l = layers - 1; l >= 0; l--) {
                float *y = values + row[l + 1] * width, *slope = slopes + row[l + 1] * width;
                for (int unit = 0; unit < shape[l + 1]; unit++)
                    for (int lane = 0; lane < used; lane += LANES) {
                        int at = unit * width + lane;
                        vector s = load(slope + at);
                        store(slope + at, s - s * load(y + at) * load(y + at));
                    }
                weight_gradients(values + row[l] * width, shape[l] + 1, slope, shape[l + 1], gradients + place[l], width,
                                 batch);
                if (l > 0)
                    weighted_sums(parameters + place[l], 1, shape[l] + 1, slope, shape[l + 1], slopes + row[l] * width,
                                  shape[l], width, used);
            }
            float factor = rate / batch;
            for (size_t at = 0; at < place[layers]; at += LANES)
                store(parameters + at, load(parameters + at) - factor * load(gradients + at));
        }
}
