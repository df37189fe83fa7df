package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Set;

/** Writes the packing of a template's operand. */
public final class PackWriter {

    private PackWriter() {
    }

    static KernelSource write(String name, Loop.Pack pack) {
        SizeWriter sizes = SizeWriter.plain();
        Kernel kernel = new Kernel.Single(name, pack);
        Set<io.toroid.shape.Symbol> dimensions =
                KernelWriter.dimensions(List.of(pack.source(), pack.target()), List.of(), List.of(), sizes(pack.packing()));
        CppText out = new CppText(1);
        out.line("using Tile = " + TemplateText.tile(pack.source().dtype()) + ";");
        switch (pack.packing()) {
            case Loop.Packing.Panels panels -> panels(out, pack, panels, sizes);
            case Loop.Packing.Filters filters -> out.line((TemplateText.isOfImages(filters.window())
                    ? "pack_convolution<Tile, " + TemplateText.shape(filters.window(), filters.groups()) + ">(pool, "
                    : "pack_volume<Tile>(pool, " + TemplateText.volumeKernel(filters.window(), filters.groups()) + ", ")
                    + "%d, %d, %s, %s);".formatted(filters.in(), filters.out(), pack.source().name(), pack.target().name()));
        }
        return new KernelSource(name,
                KernelWriter.parameters(kernel, pack.inputs(), /* reportsFailures= */ false, dimensions),
                List.of(header(pack.packing()), "toroid/loops.h"),
                "// the %s of %s in panels\n".formatted(isWeight(pack) ? "weight" : "right operand", pack.origins()), out.toString());
    }

    private static String header(Loop.Packing packing) {
        return switch (packing) {
            case Loop.Packing.Panels _ -> "toroid/gemm.h";
            case Loop.Packing.Filters filters -> TemplateText.header(filters.window());
        };
    }

    private static boolean isWeight(Loop.Pack pack) {
        return switch (pack.target().kind()) {
            case OUTPUT, CONSTANT -> true;
            case INTERMEDIATE, INPUT -> false;
        };
    }

    private static List<Size> sizes(Loop.Packing packing) {
        return switch (packing) {
            case Loop.Packing.Panels panels -> List.of(panels.batch(), panels.depth(), panels.columns(), panels.offset(),
                    panels.batchStride(), panels.rowStride(), panels.columnStride());
            case Loop.Packing.Filters _ -> List.of();
        };
    }

    private static void panels(CppText out, Loop.Pack pack, Loop.Packing.Panels panels, SizeWriter sizes) {
        String columns = sizes.print(panels.columns());
        String depth = sizes.print(panels.depth());
        String offset = panels.offset().equals(Size.ZERO) ? "" : " + " + sizes.print(panels.offset());
        String call = "pack_panels<Tile>(pool, %s, %s, %s%s%s, %s, %s, %s%s);";
        if (panels.batch().equals(Size.ONE)) {
            out.line(call.formatted(columns, depth, pack.source().name(), offset, "", sizes.print(panels.columnStride()),
                    sizes.print(panels.rowStride()), pack.target().name(), ""));
            return;
        }
        out.line("const int64_t size = packed_size<Tile>(%s, %s);".formatted(columns, depth));
        out.open("for (int64_t b = 0; b < %s; ++b) {".formatted(sizes.print(panels.batch())));
        out.line(call.formatted(columns, depth, pack.source().name(), offset, " + b * (" + sizes.print(panels.batchStride()) + ")",
                sizes.print(panels.columnStride()), sizes.print(panels.rowStride()), pack.target().name(), " + b * size"));
        out.close("}");
    }

    /** Number of elements of a packed constant, as a C++ constant expression: it depends on the width of vectors. */
    public static String elements(Buffer packed, Loop.Packing packing) {
        String tile = TemplateText.tile(packed.dtype());
        return switch (packing) {
            case Loop.Packing.Panels panels -> {
                String one = "packed_size<%s>(%d, %d)".formatted(
                        tile, panels.columns().constant(), panels.depth().constant());
                yield panels.batch().equals(Size.ONE) ? one : panels.batch().constant() + " * " + one;
            }
            case Loop.Packing.Filters filters -> (TemplateText.isOfImages(filters.window())
                    ? "convolution_packed_size<%s, %s>(".formatted(tile, TemplateText.shape(filters.window(), filters.groups()))
                    : "volume_packed_size<%s>(%s, ".formatted(tile, TemplateText.volumeKernel(filters.window(), filters.groups())))
                    + filters.in() + ", " + filters.out() + ")";
        };
    }
}
