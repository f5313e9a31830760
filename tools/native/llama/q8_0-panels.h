// Included by sgemm.cpp of ggml-cpu, in its namespace: uses its vector operations and macros.

// C = A * B^T of Q8_0, as many rows of A at a time as a vector has lanes. Four bytes of each of these rows are brought together in a vector, so
// that a lane has the sum of its row after eight instructions, and the scales are applied to all rows at once. That takes a third of the
// instructions of kernels that have a vector for each row and column.
//
// It is used for a single column too: sums in another order would be rounded differently, and a token that is decoded alone would not have
// the logits that it has beside others or in a draft.
//
// The instruction multiplies unsigned with signed bytes: 128 is added to those of A, and 128 times the sum of those of B is subtracted.

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VL__) && defined(__AVX512VNNI__)
#define Q8_0_PANELS
using q8_0_ints   = __m512i;
using q8_0_floats = __m512;
constexpr int64_t Q8_0_COLUMNS = 8;

inline q8_0_ints   q8_0_set1(int32_t x) { return _mm512_set1_epi32(x); }
inline q8_0_ints   q8_0_dot(q8_0_ints sum, q8_0_ints u, q8_0_ints s) { return _mm512_dpbusd_epi32(sum, u, s); }
inline q8_0_ints   q8_0_xor(q8_0_ints x, q8_0_ints y) { return _mm512_xor_si512(x, y); }
inline q8_0_ints   q8_0_lo32(q8_0_ints x, q8_0_ints y) { return _mm512_unpacklo_epi32(x, y); }
inline q8_0_ints   q8_0_hi32(q8_0_ints x, q8_0_ints y) { return _mm512_unpackhi_epi32(x, y); }
inline q8_0_ints   q8_0_lo64(q8_0_ints x, q8_0_ints y) { return _mm512_unpacklo_epi64(x, y); }
inline q8_0_ints   q8_0_hi64(q8_0_ints x, q8_0_ints y) { return _mm512_unpackhi_epi64(x, y); }
inline q8_0_floats q8_0_scale(q8_0_floats scales, float scale, q8_0_ints dots, q8_0_floats sums) {
    return _mm512_fmadd_ps(_mm512_mul_ps(scales, _mm512_set1_ps(scale)), _mm512_cvtepi32_ps(dots), sums);
}
inline q8_0_floats q8_0_halves(const ggml_fp16_t * p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *) p)); }
inline void        q8_0_store(float * p, q8_0_floats x) { _mm512_storeu_ps(p, x); }
inline __m256i     q8_0_dot_block(__m256i u, __m256i s) { return _mm256_dpbusd_epi32(_mm256_setzero_si256(), u, s); }

// 16 bytes of every fourth row.
inline q8_0_ints q8_0_rows(const block_q8_0 * a, int64_t lda, int half) {
    const auto bytes = [=](int i) { return _mm_loadu_si128((const __m128i *) a[lda * i].qs + half); };
    __m512i v = _mm512_castsi128_si512(bytes(0));
    v = _mm512_inserti32x4(v, bytes(4), 1);
    v = _mm512_inserti32x4(v, bytes(8), 2);
    return _mm512_inserti32x4(v, bytes(12), 3);
}

#elif defined(__AVX2__) && defined(__FMA__) && defined(__F16C__) && defined(__AVXVNNI__)
#define Q8_0_PANELS
using q8_0_ints   = __m256i;
using q8_0_floats = __m256;
constexpr int64_t Q8_0_COLUMNS = 6;

inline q8_0_ints   q8_0_set1(int32_t x) { return _mm256_set1_epi32(x); }
inline q8_0_ints   q8_0_dot(q8_0_ints sum, q8_0_ints u, q8_0_ints s) { return _mm256_dpbusd_avx_epi32(sum, u, s); }
inline q8_0_ints   q8_0_xor(q8_0_ints x, q8_0_ints y) { return _mm256_xor_si256(x, y); }
inline q8_0_ints   q8_0_lo32(q8_0_ints x, q8_0_ints y) { return _mm256_unpacklo_epi32(x, y); }
inline q8_0_ints   q8_0_hi32(q8_0_ints x, q8_0_ints y) { return _mm256_unpackhi_epi32(x, y); }
inline q8_0_ints   q8_0_lo64(q8_0_ints x, q8_0_ints y) { return _mm256_unpacklo_epi64(x, y); }
inline q8_0_ints   q8_0_hi64(q8_0_ints x, q8_0_ints y) { return _mm256_unpackhi_epi64(x, y); }
inline q8_0_floats q8_0_scale(q8_0_floats scales, float scale, q8_0_ints dots, q8_0_floats sums) {
    return _mm256_fmadd_ps(_mm256_mul_ps(scales, _mm256_set1_ps(scale)), _mm256_cvtepi32_ps(dots), sums);
}
inline q8_0_floats q8_0_halves(const ggml_fp16_t * p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) p)); }
inline void        q8_0_store(float * p, q8_0_floats x) { _mm256_storeu_ps(p, x); }
inline __m256i     q8_0_dot_block(__m256i u, __m256i s) { return _mm256_dpbusd_avx_epi32(_mm256_setzero_si256(), u, s); }

inline q8_0_ints q8_0_rows(const block_q8_0 * a, int64_t lda, int half) {
    const auto bytes = [=](int i) { return _mm_loadu_si128((const __m128i *) a[lda * i].qs + half); };
    return _mm256_inserti128_si256(_mm256_castsi128_si256(bytes(0)), bytes(4), 1);
}
#endif

#if defined(Q8_0_PANELS)
constexpr int64_t Q8_0_ROWS  = sizeof(q8_0_ints) / sizeof(int32_t);
constexpr int64_t Q8_0_CACHE = 512 * 1024; // for the columns that are used again for each row

// A block of each row.
struct q8_0_panel {
    q8_0_ints   quants[8]; // bytes 4q to 4q + 3, with 128 added
    q8_0_floats scales;
};

struct q8_0_column {
    int32_t correction; // -128 times the sum of the block
    float   scale;
};

inline void q8_0_pack(int64_t k, const block_q8_0 * a, int64_t lda, q8_0_panel * panels) {
    const q8_0_ints flip = q8_0_set1((int32_t) 0x80808080);
    const char * next = (const char *) (a + lda * Q8_0_ROWS); // for the processor, which does not see that the rows after these come next
    for (int64_t l = 0; l < k; ++l, ++a) {
        q8_0_panel & panel = panels[l];
        for (size_t i = 0; i < Q8_0_ROWS * sizeof(block_q8_0); i += 64, next += 64) {
            _mm_prefetch(next, _MM_HINT_T1);
        }
#pragma GCC unroll 2
        for (int half = 0; half < 2; ++half) {
            const q8_0_ints r0   = q8_0_xor(flip, q8_0_rows(a, lda, half));
            const q8_0_ints r1   = q8_0_xor(flip, q8_0_rows(a + lda, lda, half));
            const q8_0_ints r2   = q8_0_xor(flip, q8_0_rows(a + lda * 2, lda, half));
            const q8_0_ints r3   = q8_0_xor(flip, q8_0_rows(a + lda * 3, lda, half));
            const q8_0_ints lo01 = q8_0_lo32(r0, r1), hi01 = q8_0_hi32(r0, r1);
            const q8_0_ints lo23 = q8_0_lo32(r2, r3), hi23 = q8_0_hi32(r2, r3);
            panel.quants[half * 4 + 0] = q8_0_lo64(lo01, lo23);
            panel.quants[half * 4 + 1] = q8_0_hi64(lo01, lo23);
            panel.quants[half * 4 + 2] = q8_0_lo64(hi01, hi23);
            panel.quants[half * 4 + 3] = q8_0_hi64(hi01, hi23);
        }
        ggml_fp16_t scales[Q8_0_ROWS];
        for (int i = 0; i < Q8_0_ROWS; ++i) {
            scales[i] = a[lda * i].d;
        }
        panel.scales = q8_0_halves(scales);
    }
}

inline void q8_0_prepare(int64_t k, const block_q8_0 * b, q8_0_column * column) {
    const __m256i ones = _mm256_set1_epi8(1);
    for (int64_t l = 0; l < k; ++l) {
        const __m256i fours = q8_0_dot_block(ones, _mm256_loadu_si256((const __m256i *) b[l].qs));
        __m128i s = _mm_add_epi32(_mm256_castsi256_si128(fours), _mm256_extracti128_si256(fours, 1));
        s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4E));
        s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xB1));
        column[l] = { -128 * _mm_cvtsi128_si32(s), unhalf(b[l].d) };
    }
}

template <int RN>
NOINLINE void q8_0_tile(int64_t k, const q8_0_panel * panels, const block_q8_0 * b, int64_t ldb, const q8_0_column * columns, float * c, int64_t ldc) {
    q8_0_floats sums[RN];
#pragma GCC unroll 8
    for (int j = 0; j < RN; ++j) {
        sums[j] = q8_0_floats{};
    }
    for (int64_t l = 0; l < k; ++l) {
        const q8_0_panel & panel = panels[l];
        q8_0_ints dots[RN];
#pragma GCC unroll 8
        for (int j = 0; j < RN; ++j) {
            dots[j] = q8_0_set1(columns[k * j + l].correction);
        }
#pragma GCC unroll 8
        for (int q = 0; q < 8; ++q) {
            const q8_0_ints quants = panel.quants[q];
#pragma GCC unroll 8
            for (int j = 0; j < RN; ++j) {
                int32_t four;
                memcpy(&four, b[ldb * j + l].qs + 4 * q, sizeof(four));
                dots[j] = q8_0_dot(dots[j], quants, q8_0_set1(four));
            }
        }
#pragma GCC unroll 8
        for (int j = 0; j < RN; ++j) {
            sums[j] = q8_0_scale(panel.scales, columns[k * j + l].scale, dots[j], sums[j]);
        }
    }
#pragma GCC unroll 8
    for (int j = 0; j < RN; ++j) {
        q8_0_store(c + ldc * j, sums[j]);
    }
}

template <int RN = Q8_0_COLUMNS>
inline void q8_0_tiles(int64_t k, const q8_0_panel * panels, const block_q8_0 * b, int64_t ldb, const q8_0_column * columns, int64_t count,
                       float * c, int64_t ldc) {
    for (; count >= RN; count -= RN, b += RN * ldb, columns += RN * k, c += RN * ldc) {
        q8_0_tile<RN>(k, panels, b, ldb, columns, c, ldc);
    }
    if constexpr (RN > 1) {
        if (count > 0) {
            q8_0_tiles<RN - 1>(k, panels, b, ldb, columns, count, c, ldc);
        }
    }
}

// m is a multiple of Q8_0_ROWS.
NOINLINE void gemm_q8_0(int64_t k, const block_q8_0 * A, int64_t lda, const block_q8_0 * B, int64_t ldb, float * C, int64_t ldc,
                        int64_t m, int64_t n, int ith, int nth) {
    static thread_local std::vector<q8_0_panel>  panels;
    static thread_local std::vector<q8_0_column> columns;

    // A part of the rows and columns for each thread.
    const int64_t ytiles = m / Q8_0_ROWS;
    const int64_t most   = Q8_0_CACHE / (k * (int64_t) (sizeof(block_q8_0) + sizeof(q8_0_column)));
    int64_t width = MIN(MAX(most, 4 * Q8_0_COLUMNS), n + Q8_0_COLUMNS - 1) / Q8_0_COLUMNS * Q8_0_COLUMNS;
    while (width > 2 * Q8_0_COLUMNS && (n + width - 1) / width * ytiles < 2 * nth) {
        width = (width / 2 + Q8_0_COLUMNS - 1) / Q8_0_COLUMNS * Q8_0_COLUMNS;
    }
    const int64_t jobs = (n + width - 1) / width * ytiles;
    const int64_t duty = (jobs + nth - 1) / nth;
    const int64_t end  = MIN(duty * (ith + 1), jobs);

    if ((int64_t) panels.size() < k) {
        panels.resize(k);
    }
    if ((int64_t) columns.size() < k * width) {
        columns.resize(k * width);
    }
    int64_t prepared = -1;
    for (int64_t job = duty * ith; job < end; ++job) {
        const int64_t first = job / ytiles * width;
        const int64_t count = MIN(width, n - first);
        if (first != prepared) {
            for (int64_t j = 0; j < count; ++j) {
                q8_0_prepare(k, B + ldb * (first + j), columns.data() + k * j);
            }
            prepared = first;
        }

        const int64_t ii = job % ytiles * Q8_0_ROWS;
        q8_0_pack(k, A + lda * ii, lda, panels.data());
        q8_0_tiles<>(k, panels.data(), B + ldb * first, ldb, columns.data(), count, C + ldc * first + ii, ldc);
    }
}
#endif
