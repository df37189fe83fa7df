package io.toroid.processor.codegen.wrapper;

import io.toroid.Tensor;
import io.toroid.processor.codegen.constants.ConstantTable;
import io.toroid.processor.codegen.cpp.CppText;
import io.toroid.processor.codegen.cpp.KernelSource;
import io.toroid.processor.model.StateTable;
import io.toroid.processor.model.TracedEntry;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts {@code wrapper.cpp} together: what the kernels are called, the functions of each entry, the tables that
 * describe them, and the one object by which the container finds all of it.
 */
public final class WrapperSource {

    private final CppText out = new CppText(0);

    /** An entry with its printed functions. */
    public record Entry(TracedEntry traced, String check, String outputSizes, String run) {
    }

    private WrapperSource() {
    }

    /**
     * Writes the source.
     *
     * @param model qualified name of the model
     * @param ir the graph of each entry as text, for the reader
     * @param fold the function that folds constants, or empty
     * @param version of Toroid
     * @param blobHash SHA-256 of the blob in hexadecimal, or empty
     * @param states what the model keeps between calls
     * @param instruments what looked at the kernels while the entries were written
     */
    public static String write(
            String model, String version, List<String> ir, List<KernelSource> kernels, List<Entry> entries, String fold,
            ConstantTable constants, String blobHash, StateTable states, InstrumentLines instruments) {
        WrapperSource source = new WrapperSource();
        source.header(model, ir, entries.stream().anyMatch(entry -> (entry.check() + entry.outputSizes() + entry.run()).contains("CheckedSize")), instruments.instruments());
        source.declarations(kernels);
        source.out.line("namespace {").blank();
        source.kernelTable(instruments.sites());
        entries.forEach(source::entry);
        if (!fold.isEmpty()) {
            source.out.raw(fold).blank();
        }
        source.entryTable(entries);
        source.stateTable(states, constants);
        source.out.line("}  // namespace");
        source.out.line("}  // namespace toroid::generated").blank();
        source.modelTable(model, version, entries, !fold.isEmpty(), constants, blobHash, states);
        if (instruments.instruments().isProfile()) {
            source.out.blank().line("extern \"C\" const toroid::KernelTable toroid_kernel_table = {%d, %s};".formatted(
                    instruments.sites().size(), instruments.sites().isEmpty() ? "nullptr" : "toroid::generated::kernels"));
        }
        return source.out.toString();
    }

    private void header(String model, List<String> ir, boolean checksSizes, Instruments instruments) {
        out.line("// " + model + ", compiled by Toroid. Its entries as graphs:");
        for (String text : ir) {
            out.line("//");
            text.lines().forEach(line -> out.line(line.isBlank() ? "//" : "//   " + line));
        }
        out.line("#include <toroid/loops.h>");
        out.line("#include <toroid/container.h>");
        if (checksSizes) {
            out.line("#include <toroid/checked_size.h>");
        }
        if (instruments.looksAtKernels()) {
            out.line("#include <toroid/kernel_values.h>");
        }
        if (instruments.isProfile()) {
            out.line("#include <toroid/profile.h>");
        }
        out.blank();
    }

    private void declarations(List<KernelSource> kernels) {
        out.line("namespace toroid::generated {").blank();
        out.line("extern const ConstantInfo* const constants;");
        out.line("extern const int64_t folded_bytes;");
        kernels.forEach(kernel -> out.line(kernel.signature() + ";"));
        out.blank();
    }

    private void kernelTable(List<InstrumentLines.Site> sites) {
        if (sites.isEmpty()) {
            return;
        }
        out.open("constexpr ToroidKernel kernels[] = {");
        sites.forEach(site -> out.line("{\"%s\", \"%s\", \"%s\", \"%s\"},".formatted(
                site.entry(), site.kernel(), escape(site.operators()), escape(site.lines()))));
        out.close("};").blank();
    }

    private void entry(Entry entry) {
        out.raw(entry.check()).blank().raw(entry.outputSizes()).blank().raw(entry.run()).blank();
        String name = entry.traced().name();
        List<String> inputNames = entry.traced().descriptor().inputs().stream().map(input -> input.name()).toList();
        tensors(name + "_inputs", inputNames, entry.traced().inputs(), entry.traced().updates().keySet());
        tensors(name + "_outputs", entry.traced().outputNames(), entry.traced().outputs(), Set.of());
        out.blank();
    }

    private void tensors(String table, List<String> names, List<Tensor> tensors, Set<Tensor> updated) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            String dimensions = "nullptr";
            if (tensor.dim() > 0) {
                dimensions = "%s_%d".formatted(table, i);
                out.line("constexpr DimensionInfo %s[] = {%s};".formatted(dimensions,
                        tensor.shape().sizes().stream().map(WrapperSource::dimension).collect(Collectors.joining(", "))));
            }
            rows.add("{\"%s\", %d, %d, %s%s}".formatted(names.get(i), tensor.dtype().code(), tensor.dim(), dimensions,
                    updated.contains(tensor) ? ", /* updated= */ true" : ""));
        }
        if (rows.isEmpty()) {
            out.line("constexpr const TensorInfo* %s = nullptr;".formatted(table));
        } else {
            out.line("constexpr TensorInfo %s[] = {%s};".formatted(table, String.join(", ", rows)));
        }
    }

    private static String dimension(Size size) {
        return "{\"%s\", %d}".formatted(size, size.isConstant() ? size.constant() : -1);
    }

    private void entryTable(List<Entry> entries) {
        out.open("constexpr EntryInfo entries[] = {");
        for (Entry entry : entries) {
            TracedEntry traced = entry.traced();
            String name = traced.name();
            out.line("{\"%1$s\", \"%2$s\", \"%3$s\", %4$d, %1$s_inputs, %5$d, %1$s_outputs, %1$s_check, %1$s_output_sizes, %1$s_run},"
                    .formatted(name, escape(CallSpec.in(traced.descriptor())), escape(CallSpec.out(traced.descriptor())), traced.inputs().size(), traced.outputs().size()));
        }
        out.close("};").blank();
    }

    private void stateTable(StateTable states, ConstantTable constants) {
        if (states.rows().isEmpty()) {
            return;
        }
        out.open("constexpr StateInfo states[] = {");
        states.rows().forEach(row -> out.line("{\"%s\", %d, %d, %d},".formatted(
                row.name(), row.offset(), row.bytes(), constants.row(row.state()).orElse(-1))));
        out.close("};").blank();
    }

    private void modelTable(
            String model, String version, List<Entry> entries, boolean folds, ConstantTable constants, String blobHash, StateTable states) {
        out.line("#ifndef TOROID_ISA");
        out.line("#error \"compile with -DTOROID_ISA=\\\"...\\\"\"");
        out.line("#endif");
        out.open("extern \"C\" const toroid::Model toroid_model = {");
        out.line("\"%s\", \"%s\", TOROID_ISA,".formatted(model, version));
        out.line("\"%s\",".formatted(escape(description(model, entries))));
        out.line("TOROID_ABI_VERSION, %d, toroid::generated::entries,".formatted(entries.size()));
        out.line("%d, toroid::generated::constants, %d, \"%s\", toroid::generated::folded_bytes, %s,".formatted(
                constants.slots().size(), constants.blobBytes(), blobHash, folds ? "toroid::generated::fold" : "nullptr"));
        if (!states.rows().isEmpty()) {
            out.line("%d, toroid::generated::states, %d,".formatted(states.rows().size(), states.bytes()));
        }
        out.close("};");
    }

    private static String inSpec(TracedEntry entry) {
        List<String> names = entry.descriptor().inputs().stream().map(input -> input.name()).toList();
        return specs(names, entry.inputs());
    }

    private static String outSpec(TracedEntry entry) {
        return specs(entry.outputNames(), entry.outputs());
    }

    private static String specs(List<String> names, List<Tensor> tensors) {
        List<String> specs = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            specs.add("{\"name\":\"%s\",\"type\":\"%s\"}".formatted(names.get(i), tensors.get(i).type()));
        }
        return "[" + String.join(",", specs) + "]";
    }

    private static String description(String model, List<Entry> entries) {
        return "{\"model\":\"%s\",\"entries\":[%s]}".formatted(model, entries.stream()
                .map(entry -> "{\"name\":\"%s\",\"inputs\":%s,\"outputs\":%s,\"dimensions\":[%s]}".formatted(
                        entry.traced().name(), inSpec(entry.traced()), outSpec(entry.traced()), dimensions(entry.traced())))
                .collect(Collectors.joining(",")));
    }

    private static String dimensions(TracedEntry entry) {
        return entry.descriptor().dims().stream()
                .map(dim -> "{\"name\":\"%s\",\"min\":%d,\"max\":%d,\"multipleOf\":%d}".formatted(dim.name(), dim.min(), dim.max(), dim.multipleOf()))
                .collect(Collectors.joining(","));
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
