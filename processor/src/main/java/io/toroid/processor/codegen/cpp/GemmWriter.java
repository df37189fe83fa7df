package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a matrix product: a call of the template in {@code gemm.h} with the epilogue as a lambda. Rows are one
 * dimension there, so the epilogue's row variables are recovered from it by division, which mostly cancels.
 */
final class GemmWriter {

    private final String name;
    private final Loop.Gemm gemm;
    private final SizeWriter sizes = SizeWriter.plain();

    GemmWriter(String name, Loop.Gemm gemm) {
        this.name = name;
        this.gemm = gemm;
    }

    KernelSource write() {
        List<Scalar> scalars = gemm.scalars();
        Set<Buffer> inputs = gemm.inputs();
        boolean reports = KernelWriter.reportsFailures(scalars);
        Set<Symbol> dimensions = KernelWriter.dimensions(
                TemplateText.buffers(gemm), scalars, gemm.epilogue().variables(),
                List.of(gemm.depth(), gemm.left().offset(), gemm.left().rowStride()));
        CppText out = new CppText(1);
        out.line("using Tile = " + TemplateText.tile(gemm.accumulator().dtype()) + ";");
        out.line("[[maybe_unused]] constexpr int L = Tile::kLanes;");
        call(out);
        return new KernelSource(name,
                KernelWriter.parameters(new Kernel.Single(name, gemm), inputs, reports, dimensions),
                KernelWriter.includes(KernelWriter.usesMath(scalars), reports, "toroid/gemm.h", "toroid/loops.h"),
                KernelWriter.comment(gemm.origins()), out.toString());
    }

    private void call(CppText out) {
        Size rows = Size.ONE;
        for (Symbol row : gemm.rows()) {
            rows = rows.times(row.below().orElseThrow());
        }
        Symbol m = Symbol.variable("m", rows);
        Symbol n = Symbol.variable("n", gemm.column().below().orElseThrow());
        Map<Symbol, Size> names = names(m, n);
        boolean isBatched = !gemm.batch().isEmpty();
        String k = TemplateText.constant(gemm.depth(), sizes);
        String columns = TemplateText.constant(gemm.column().below().orElseThrow(), sizes);
        String left = address(gemm.left().buffer(), gemm.left().offset().substitute(names));
        String lda = sizes.print(gemm.left().rowStride());
        if (isBatched) {
            Symbol b = gemm.batch().getFirst();
            String count = sizes.print(b.below().orElseThrow());
            out.line("batched_gemm<Tile>(");
            out.line("    pool, %s, %s, %s, %s, [&]([[maybe_unused]] int64_t b) { return %s; }, %s,".formatted(
                    count, sizes.print(rows), columns, k, left, lda));
            boolean isShared = gemm.right().offset().equals(Size.ZERO);
            out.line("    [&]([[maybe_unused]] int64_t b) { return %s%s; },".formatted(
                    gemm.right().buffer().name(), isShared ? "" : " + b * packed_size<Tile>(%s, %s)".formatted(
                            sizes.print(gemm.column().below().orElseThrow()), sizes.print(gemm.depth()))));
            out.open("    [&]([[maybe_unused]] int64_t b, [[maybe_unused]] int64_t m, [[maybe_unused]] int64_t n, auto sums, "
                    + "[[maybe_unused]] auto count) TOROID_INLINE_LAMBDA {");
            out.raw(TemplateText.epilogue(gemm.epilogue(), gemm.accumulator(), n, List.of(m, batchVariable()), names, out.depth()));
            out.close("});");
        } else {
            out.line("gemm<Tile>(");
            out.line("    pool, %s, %s, %s, %s, %s, %s,".formatted(
                    sizes.print(rows), columns, k, left, lda, gemm.right().buffer().name()));
            out.open("    [&]([[maybe_unused]] int64_t m, [[maybe_unused]] int64_t n, auto sums, [[maybe_unused]] auto count) "
                    + "TOROID_INLINE_LAMBDA {");
            out.raw(TemplateText.epilogue(gemm.epilogue(), gemm.accumulator(), n, List.of(m), names, out.depth()));
            out.close("});");
        }
    }

    private Symbol batchVariable() {
        return Symbol.variable("b", gemm.batch().getFirst().below().orElseThrow());
    }

    private Map<Symbol, Size> names(Symbol m, Symbol n) {
        Map<Symbol, Size> names = new HashMap<>();
        names.put(gemm.column(), n);
        if (!gemm.batch().isEmpty()) {
            names.put(gemm.batch().getFirst(), batchVariable());
        }
        Size inner = Size.ONE;
        for (Symbol row : gemm.rows().reversed()) {
            Size extent = row.below().orElseThrow().max(Size.ONE);  // of no rows none is computed
            boolean isOutermost = row.equals(gemm.rows().getFirst());
            Size index = m.floorDiv(inner);
            names.put(row, isOutermost ? index : index.mod(extent));
            inner = inner.times(extent);
        }
        return names;
    }

    private String address(Buffer buffer, Size offset) {
        return offset.equals(Size.ZERO) ? buffer.name() : buffer.name() + " + " + sizes.print(offset);
    }
}
