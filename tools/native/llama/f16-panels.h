// Included by sgemm.cpp of ggml-cpu, in its namespace: uses its vector operations and macros.

#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
// C = A * B^T of half precision, for attention without flash attention. Rows of A are in the lanes of vectors, and values of B are the same in all
// lanes: there are no sums over lanes, which cost more than the products where a row is as short as a head, and each value is converted
// once per row or column, not once per tile.

#if defined(__AVX512F__)
using f16_vector = __m512;
inline f16_vector f16_set1(float x) { return _mm512_set1_ps(x); }
inline void       f16_store(float * p, f16_vector x) { _mm512_storeu_ps(p, x); }
constexpr int64_t F16_COLUMNS = 8;
#else
using f16_vector = __m256;
inline f16_vector f16_set1(float x) { return _mm256_set1_ps(x); }
inline void       f16_store(float * p, f16_vector x) { _mm256_storeu_ps(p, x); }
constexpr int64_t F16_COLUMNS = 6;
#endif
constexpr int64_t F16_WIDTH = sizeof(f16_vector) / sizeof(float);
constexpr int64_t F16_DEPTH = 128; // products that are added before the sum is added to C
constexpr int64_t F16_CHUNK = 240; // columns that are converted at a time, a multiple of F16_COLUMNS

// Converts and transposes RV * F16_WIDTH rows.
template <int RV>
inline void f16_pack(int64_t depth, const ggml_fp16_t * a, int64_t lda, float * panel) {
    constexpr int64_t ROWS = RV * F16_WIDTH;
    for (int64_t i = 0; i < ROWS; i += 8) {
        for (int64_t l = 0; l < depth; l += 8) {
            const auto row = [=](int r) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) (a + lda * (i + r) + l))); };
            const __m256 r0 = row(0), r1 = row(1), r2 = row(2), r3 = row(3), r4 = row(4), r5 = row(5), r6 = row(6), r7 = row(7);
            const auto lo = [](__m256 x, __m256 y) { return _mm256_castps_pd(_mm256_unpacklo_ps(x, y)); };
            const auto hi = [](__m256 x, __m256 y) { return _mm256_castps_pd(_mm256_unpackhi_ps(x, y)); };
            const __m256d l01 = lo(r0, r1), l23 = lo(r2, r3), l45 = lo(r4, r5), l67 = lo(r6, r7);
            const __m256d h01 = hi(r0, r1), h23 = hi(r2, r3), h45 = hi(r4, r5), h67 = hi(r6, r7);
            const auto store = [=](int column, __m256d x, __m256d y) { // the columns of both 128-bit halves
                _mm256_storeu_ps(panel + (l + column) * ROWS + i, _mm256_castpd_ps(_mm256_permute2f128_pd(x, y, 0x20)));
                _mm256_storeu_ps(panel + (l + column + 4) * ROWS + i, _mm256_castpd_ps(_mm256_permute2f128_pd(x, y, 0x31)));
            };
            store(0, _mm256_unpacklo_pd(l01, l23), _mm256_unpacklo_pd(l45, l67));
            store(1, _mm256_unpackhi_pd(l01, l23), _mm256_unpackhi_pd(l45, l67));
            store(2, _mm256_unpacklo_pd(h01, h23), _mm256_unpacklo_pd(h45, h67));
            store(3, _mm256_unpackhi_pd(h01, h23), _mm256_unpackhi_pd(h45, h67));
        }
    }
}

template <int RV, int RN>
NOINLINE void f16_tile(int64_t depth, const float * panel, const float * b, float * c, int64_t ldc, bool is_first) {
    f16_vector sums[RN][RV];
#pragma GCC unroll 8
    for (int j = 0; j < RN; ++j) {
#pragma GCC unroll 2
        for (int i = 0; i < RV; ++i) {
            sums[j][i] = f16_set1(0);
        }
    }
    for (int64_t l = 0; l < depth; ++l, panel += RV * F16_WIDTH) {
        f16_vector av[RV];
#pragma GCC unroll 2
        for (int i = 0; i < RV; ++i) {
            av[i] = load<f16_vector>(panel + i * F16_WIDTH);
        }
#pragma GCC unroll 8
        for (int j = 0; j < RN; ++j) {
            const f16_vector bv = f16_set1(b[j * F16_DEPTH + l]);
#pragma GCC unroll 2
            for (int i = 0; i < RV; ++i) {
                sums[j][i] = madd(av[i], bv, sums[j][i]);
            }
        }
    }
#pragma GCC unroll 8
    for (int j = 0; j < RN; ++j) {
#pragma GCC unroll 2
        for (int i = 0; i < RV; ++i) {
            float * p = c + ldc * j + i * F16_WIDTH;
            f16_store(p, is_first ? sums[j][i] : add(load<f16_vector>(p), sums[j][i]));
        }
    }
}

template <int RV, int RN = F16_COLUMNS>
inline void f16_tiles(int64_t depth, const float * panel, const float * b, int64_t count, float * c, int64_t ldc, bool is_first) {
    for (; count >= RN; count -= RN, b += RN * F16_DEPTH, c += RN * ldc) {
        f16_tile<RV, RN>(depth, panel, b, c, ldc, is_first);
    }
    if constexpr (RN > 1) {
        if (count > 0) {
            f16_tiles<RV, RN - 1>(depth, panel, b, count, c, ldc, is_first);
        }
    }
}

// Returns false if the sizes do not fit.
NOINLINE bool gemm_f16(int64_t m, int64_t n, int64_t k, const ggml_fp16_t * A, int64_t lda, const ggml_fp16_t * B, int64_t ldb, float * C, int64_t ldc,
                       int ith, int nth) {
    constexpr int64_t ROWS = 2 * F16_WIDTH;
    static thread_local std::vector<f16_vector> memory; // for its alignment

    if (n < 16 || m < F16_WIDTH || m % F16_WIDTH != 0 || k == 0 || k % 8 != 0) {
        return false;
    }
    memory.resize((ROWS + F16_CHUNK) * F16_DEPTH / F16_WIDTH);
    float * panel   = (float *) memory.data();
    float * columns = panel + ROWS * F16_DEPTH;

    // A part of the rows and columns for each thread.
    const int64_t ytiles = (m + ROWS - 1) / ROWS;
    int64_t width = MIN(F16_CHUNK, (n + F16_COLUMNS - 1) / F16_COLUMNS * F16_COLUMNS);
    while (width > 2 * F16_COLUMNS && (n + width - 1) / width * ytiles < 2 * nth) {
        width = (width / 2 + F16_COLUMNS - 1) / F16_COLUMNS * F16_COLUMNS;
    }
    const int64_t jobs = (n + width - 1) / width * ytiles;
    const int64_t duty = (jobs + nth - 1) / nth;
    const int64_t end  = MIN(duty * (ith + 1), jobs);

    for (int64_t job = duty * ith; job < end;) {
        const int64_t first  = job / ytiles * width;
        const int64_t count  = MIN(width, n - first);
        const int64_t from   = job % ytiles;
        const int64_t to     = MIN(ytiles, from + end - job);
        for (int64_t l = 0; l < k; l += F16_DEPTH) {
            const int64_t depth = MIN(F16_DEPTH, k - l);
            for (int64_t j = 0; j < count; ++j) {
                const ggml_fp16_t * b = B + ldb * (first + j) + l;
                for (int64_t i = 0; i < depth; i += 8) {
                    _mm256_storeu_ps(columns + j * F16_DEPTH + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) (b + i))));
                }
            }
            for (int64_t tile = from; tile < to; ++tile) {
                const int64_t       ii = tile * ROWS;
                const ggml_fp16_t * a  = A + lda * ii + l;
                float *             c  = C + ldc * first + ii;
                if (m - ii >= ROWS) {
                    f16_pack<2>(depth, a, lda, panel);
                    f16_tiles<2>(depth, panel, columns, count, c, ldc, l == 0);
                } else {
                    f16_pack<1>(depth, a, lda, panel);
                    f16_tiles<1>(depth, panel, columns, count, c, ldc, l == 0);
                }
            }
        }
        job += to - from;
    }
    return true;
}
#endif
