package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.processor.codegen.cpp.KernelSource;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCases;
import io.toroid.processor.loop.Identifiers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Users name dimensions, inputs and weights as they like, and generated code has variables of these names. So whatever
 * else a kernel calls by its bare name must be known to {@link Identifiers}, which gives such users' names another form.
 */
@Tag("javac")
class GeneratedNamesTest {

    private static final Pattern PASSED_OVER = Pattern.compile("\\[\\[maybe_unused]]|//.*|\"(\\\\.|[^\"\\\\])*\"");

    /** No member, none within a namespace, no number; users' names are given no two underscores. */
    private static final Pattern BARE = Pattern.compile("(?<![\\w.:>])(?!__)[A-Za-z_]\\w*|(?<=[^-]>)(?!__)[A-Za-z_]\\w*");

    /** A buffer between kernels, called after its operator; such names are given once in a program. */
    private static final Pattern NUMBERED = Pattern.compile("\\w+_\\d+");

    @Test
    void kernelsUseNoBareNamesThatUsersMayHave() {
        GeneratedCode code = Pipeline.generate(new Batch("io.toroid.test.Names", GraphCases.all()).model());
        List<KernelSource> kernels = new ArrayList<>(code.kernels());
        kernels.addAll(code.packing());
        assertTrue(kernels.size() > 500, "kernels were written");
        SortedMap<String, String> free = new TreeMap<>();
        kernels.forEach(kernel -> {
            Set<String> parameters = names(kernel.signature());
            names(kernel.body()).stream()
                    .filter(name -> !parameters.contains(name) && !NUMBERED.matcher(name).matches() && !Identifiers.isTaken(name))
                    .forEach(name -> free.put(name, kernel.name()));
        });
        assertEquals(new TreeMap<>(), free, "name them in Identifiers");
    }

    private static Set<String> names(String code) {
        Matcher bare = BARE.matcher(PASSED_OVER.matcher(code).replaceAll(" "));
        Set<String> names = new HashSet<>();
        while (bare.find()) {
            names.add(bare.group());
        }
        return names;
    }
}
