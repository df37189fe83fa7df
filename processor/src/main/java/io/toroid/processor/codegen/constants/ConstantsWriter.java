package io.toroid.processor.codegen.constants;

import io.toroid.processor.codegen.cpp.CppText;
import io.toroid.processor.loop.Layout;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Writes the table of constants as C++: metadata only, the values are in the blob. */
public final class ConstantsWriter {

    private ConstantsWriter() {
    }

    /** {@code constants.cpp}. */
    public static String write(ConstantTable table) {
        CppText out = new CppText(0);
        out.line("// The constants of the model: stored ones, then those computed from them.");
        out.line("#include <toroid/container.h>");
        boolean folds = table.slots().stream().anyMatch(ConstantSlot::isFolded);
        if (folds) {
            out.line("#include <toroid/convolution.h>");
            out.line("#include <toroid/gemm.h>");
            if (table.slots().stream().anyMatch(slot -> slot.elements().startsWith("volume_packed_size"))) {
                out.line("#include <toroid/volume_convolution.h>");
            }
        }
        out.blank().line("namespace toroid::generated {").blank();
        out.line("extern const ConstantInfo* const constants;");
        out.line("extern const int64_t folded_bytes;").blank();
        List<ConstantSlot> slots = table.slots();
        if (slots.isEmpty()) {
            out.line("const ConstantInfo* const constants = nullptr;");
            out.line("const int64_t folded_bytes = 0;");
        } else {
            sizes(out, table);
            rows(out, table);
        }
        out.blank().line("}  // namespace toroid::generated");
        return out.toString();
    }

    private static void sizes(CppText out, ConstantTable table) {
        List<ConstantSlot> slots = table.slots();
        out.line("static constexpr int64_t aligned(int64_t bytes) { return (bytes + 63) / 64 * 64; }");
        String place = "0";
        for (int i = 0; i < slots.size(); i++) {
            ConstantSlot slot = slots.get(i);
            out.line("static constexpr int64_t sizes_%d[] = {%s};".formatted(i, list(slot.sizes())));
            out.line("static constexpr int64_t strides_%d[] = {%s};".formatted(i, list(strides(slot))));
            if (slot.isFolded()) {
                out.line("static constexpr int64_t bytes_%d = (%s) * %d;".formatted(i, slot.elements(), slot.dtype().bytes()));
                if (slot.prepared().isPresent()) {
                    out.line("static_assert(bytes_%d == %d);  // as the blob has it".formatted(i, slot.bytes()));
                }
                out.line("static constexpr int64_t folded_%d = %s;".formatted(i, place));
                place = "folded_%d + aligned(bytes_%d)".formatted(i, i);
                long[] sources = table.sources(slot).stream().mapToLong(Integer::longValue).toArray();
                out.line("static constexpr int32_t sources_%d[] = {%s};".formatted(i, list(sources)));
            }
        }
        out.line("const int64_t folded_bytes = %s;".formatted(place)).blank();
    }

    private static void rows(CppText out, ConstantTable constants) {
        List<ConstantSlot> slots = constants.slots();
        out.open("static constexpr ConstantInfo table[] = {");
        for (int i = 0; i < slots.size(); i++) {
            ConstantSlot slot = slots.get(i);
            String bytes = slot.isFolded() ? "bytes_" + i : Long.toString(slot.bytes());
            String folded = slot.isFolded() ? "folded_%1$d, %2$d, sources_%1$d".formatted(i, constants.sources(slot).size()) : "0";
            out.line("{\"%s\", \"%s\", %d, %d, %d, sizes_%d, strides_%d, %d, %s, nullptr, %s},".formatted(
                    slot.buffer().name(), slot.name(), slot.kind().code(), slot.dtype().code(), slot.sizes().length,
                    i, i, slot.offset(), bytes, folded));
        }
        out.close("};");
        out.line("const ConstantInfo* const constants = table;");
    }

    private static long[] strides(ConstantSlot slot) {
        return Layout.contiguous(slot.buffer().shape()).strides().stream().mapToLong(stride -> stride.constant()).toArray();
    }

    /** C++ has no empty arrays. */
    private static String list(long[] values) {
        return values.length == 0 ? "0" : LongStream.of(values).mapToObj(Long::toString).collect(Collectors.joining(", "));
    }
}
