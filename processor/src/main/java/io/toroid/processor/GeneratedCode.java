package io.toroid.processor;

import io.toroid.processor.codegen.constants.ConstantTable;
import io.toroid.processor.codegen.cpp.KernelSource;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.toolchain.Isa;
import io.toroid.processor.toolchain.Linkage;
import io.toroid.processor.toolchain.NativeBuild;
import io.toroid.processor.toolchain.TranslationUnit;
import io.toroid.runtime.NativeHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A model as C++, ready for the native build.
 *
 * @param kernels each becomes a translation unit of its own, so that an edited operator recompiles only its kernel,
 *     unless there are more than {@code mostUnits}
 * @param packing the kernels that only pack operands; they share a translation unit
 * @param blob the values of the stored constants
 * @param blobHash SHA-256 of these, or empty if there are none
 * @param operators the C++ of operators of the author's own, each under the name by which kernels include it
 * @param exports functions that its library exports besides those of all models
 * @param mostUnits into how many translation units kernels go at most
 */
public record GeneratedCode(
        TracedModel model, ConstantTable constants, List<KernelSource> kernels, List<KernelSource> packing,
        String wrapper, String constantsSource, byte[] blob, String blobHash, Map<String, String> operators, List<String> exports, int mostUnits) {

    private static final String WRAPPER = "wrapper";
    private static final String CONSTANTS = "constants";
    private static final String PACK_UNIT = "packing";
    private static final Pattern COMMENT = Pattern.compile("(?m)^ *//.*\n");

    /** The same with fewer translation units: quicker to compile all at once, slower after an edit. */
    public GeneratedCode inUnits(int most) {
        return new GeneratedCode(model, constants, kernels, packing, wrapper, constantsSource, blob, blobHash, operators, exports, most);
    }

    /** The sources for a reader: name to text. */
    public SequencedMap<String, String> sources() {
        SequencedMap<String, String> sources = new LinkedHashMap<>();
        sources.put(WRAPPER, wrapper);
        sources.put(CONSTANTS, constantsSource);
        int units = Math.min(mostUnits, kernels.size());
        for (int unit = 0; unit < units; unit++) {
            int first = unit;
            List<KernelSource> own = IntStream.range(0, kernels.size()).filter(i -> i % units == first).mapToObj(kernels::get).toList();
            sources.put(own.getFirst().name(), unit(own));
        }
        if (!packing.isEmpty()) {
            sources.put(PACK_UNIT, unit(packing));
        }
        return sources;
    }

    /**
     * The sources for the compiler. They have no comments, which name lines of the model: a line added above an operator compiles
     * nothing anew.
     */
    public List<TranslationUnit> units(String isa, Linkage linkage) {
        return units(isa, linkage, /* entry= */ 0);
    }

    /**
     * The same for a library whose AOTInductor functions work on another entry than the first. Only the container's unit differs.
     *
     * @param entry its place among the model's
     */
    List<TranslationUnit> units(String isa, Linkage linkage, int entry) {
        List<TranslationUnit> units = new ArrayList<>();
        sources().forEach((name, commented) -> {
            String text = COMMENT.matcher(commented).replaceAll(commented.contains("#line") ? "\n" : "");
            units.add(switch (name) {
                case WRAPPER -> new TranslationUnit(name, "#define TOROID_ISA \"" + isa + "\"\n" + text, /* isHot= */ false);
                case CONSTANTS -> new TranslationUnit(name, text, /* isHot= */ false);
                default -> new TranslationUnit(name, text, /* isHot= */ true);
            });
        });
        String container = linkage.definition() + (entry == 0 ? "" : "#define TOROID_ENTRY " + entry + "\n");
        units.add(new TranslationUnit("container", container + "#include <toroid/container_exports.h>\n", /* isHot= */ false));
        return units;
    }

    /** All that the libraries and their manifest depend on, but the C++ compiler itself. */
    List<String> identity(CompileOptions options) {
        List<String> identity = new ArrayList<>(List.of(Pipeline.VERSION, model.className(), blobHash));
        identity.add(options.linkage().text());
        identity.add(NativeHeaders.exports(exports));
        for (Isa isa : options.isas()) {
            identity.add(isa.identity());
            identity.addAll(NativeBuild.flags(isa));
            for (TranslationUnit unit : units(isa.text(), options.linkage())) {
                identity.add(unit.name());
                identity.add(unit.source());
                NativeHeaders.includedBy(unit.source()).forEach((name, text) -> {
                    identity.add(name);
                    identity.add(text);
                });
            }
        }
        return identity;
    }

    private String unit(List<KernelSource> kernels) {
        Set<String> includes = new LinkedHashSet<>();
        kernels.forEach(kernel -> includes.addAll(kernel.includes()));
        StringBuilder text = new StringBuilder();
        includes.stream().filter(include -> !operators.containsKey(include)).sorted()
                .forEach(include -> text.append("#include <").append(include).append(">\n"));
        includes.stream().filter(operators::containsKey).sorted().forEach(include -> text.append('\n').append(operators.get(include)));
        text.append("\nnamespace toroid::generated {\n");
        kernels.forEach(kernel -> text.append('\n').append(kernel.text()));
        return text.append("\n}  // namespace toroid::generated\n").toString();
    }
}
