package io.toroid.processor.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.Tensor;
import io.toroid.processor.Pipeline;
import io.toroid.runtime.NativeTensor;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The order of the house. A package uses only what stands on the floors below it, and what comes from outside stays
 * where it belongs. Who needs an exception says so here.
 */
@Tag("unit")
class PackageDagTest {

    /** From the roof down. Packages of one floor do not use one another. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("io.toroid.processor"),
            Set.of("io.toroid.processor.codegen.wrapper", "io.toroid.processor.codegen.java"),
            Set.of("io.toroid.processor.codegen.constants"),
            Set.of("io.toroid.processor.codegen.cpp"),
            Set.of("io.toroid.processor.schedule"),
            Set.of("io.toroid.processor.loop.lower", "io.toroid.processor.loop.verify"),
            Set.of("io.toroid.processor.loop"),
            Set.of("io.toroid.processor.graph.pass"),
            Set.of("io.toroid.processor.graph"),
            Set.of("io.toroid.processor.frontend"),
            Set.of("io.toroid.processor.model", "io.toroid.processor.diagnostic", "io.toroid.processor.symbolic",
                    "io.toroid.processor.toolchain", "io.toroid.processor.weights"),
            Set.of("io.toroid.runtime", "io.toroid.runtime.eager"),
            Set.of("io.toroid.runtime.ffi", "io.toroid.runtime.weights"),
            Set.of("io.toroid.nn"),
            Set.of("io.toroid.op"),
            Set.of("io.toroid"),
            Set.of("io.toroid.shape"));

    /** A tensor is what operators make, and calling an operator makes a tensor: these two are one. */
    private static final Map<String, String> MUTUAL = Map.of("io.toroid", "io.toroid.op");

    private static final List<ClassModel> ANNOTATIONS = ClassFiles.besides(Tensor.class);
    private static final List<ClassModel> RUNTIME = ClassFiles.besides(NativeTensor.class);
    private static final List<ClassModel> PROCESSOR = ClassFiles.besides(Pipeline.class);
    private static final List<Uses> ALL =
            Stream.of(ANNOTATIONS, RUNTIME, PROCESSOR).flatMap(List::stream).map(Uses::of).toList();

    private static int floor(String packageName) {
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(packageName)) {
                return i;
            }
        }
        throw new AssertionError("give the package " + packageName + " a floor");
    }

    @Test
    void aFloorUsesOnlyWhatStandsBelowIt() {
        List<String> wrong = new ArrayList<>();
        for (Uses user : ALL) {
            for (String used : user.classes()) {
                if (used.startsWith("io.toroid.")
                        && !mayUse(user.packageName(), Uses.packageOf(used))) {
                    wrong.add(user.name() + " uses " + used);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(ALL.size() > 300, "classes were found");
    }

    private static boolean mayUse(String user, String used) {
        return user.equals(used) || floor(user) < floor(used) || used.equals(MUTUAL.get(user));
    }

    // ---- what comes from outside

    /** Classes that use some package, or one below it. */
    private static Set<String> usersOf(String prefix) {
        Set<String> users = new TreeSet<>();
        for (Uses user : ALL) {
            if (user.classes().stream().anyMatch(used -> used.startsWith(prefix + "."))) {
                users.add(user.topLevel());
            }
        }
        return users;
    }

    private static void assertOnly(String used, Predicate<String> allowed) {
        Set<String> users = usersOf(used);
        assertTrue(!users.isEmpty(), "nobody uses " + used);
        assertEquals(List.of(), users.stream().filter(allowed.negate()).toList(), "users of " + used);
    }

    private static Predicate<String> in(String... packages) {
        return name -> List.of(packages).contains(Uses.packageOf(name));
    }

    private static Predicate<String> oneOf(String... names) {
        return List.of(names)::contains;
    }

    @Test
    void javacStopsAtTheFrontend() {
        Predicate<String> frontend = in("io.toroid.processor.frontend")
                .or(oneOf("io.toroid.processor.ModelProcessor", "io.toroid.processor.OutputFiles"));
        assertOnly("com.sun.source", in("io.toroid.processor.frontend"));
        assertOnly("javax.tools", frontend);
        assertOnly("javax.annotation.processing", frontend);
        // JavaPoet takes the modifiers of what it writes as the ones of the language model
        assertOnly("javax.lang.model", frontend.or(in("io.toroid.processor.codegen.java")));
        assertEquals(Set.of("javax.lang.model.element.Modifier"), usedBy("io.toroid.processor.codegen.java", "javax.lang.model."));
    }

    /** The tracer serves a running JVM as well, which may have no compiler. */
    @Test
    void theTracerKnowsNothingOfJavac() {
        List<Uses> tracer = ALL.stream().filter(user -> user.topLevel().equals("io.toroid.processor.frontend.Tracer")).toList();
        assertTrue(tracer.size() > 1);
        for (Uses user : tracer) {
            assertEquals(List.of(), user.classes().stream().filter(used -> used.startsWith("javax.") || used.startsWith("com.sun.")).toList());
        }
    }

    private static Set<String> usedBy(String packageName, String prefix) {
        Set<String> found = new TreeSet<>();
        ALL.stream().filter(user -> user.packageName().equals(packageName))
                .forEach(user -> user.classes().stream().filter(used -> used.startsWith(prefix)).forEach(found::add));
        return found;
    }

    @Test
    void librariesStayInTheirPackages() {
        assertOnly("com.palantir.javapoet", in("io.toroid.processor.codegen.java"));
        assertOnly("org.matheclipse", in("io.toroid.processor.symbolic"));
        assertOnly("com.google.protobuf", in("io.toroid.processor.weights"));
        // a runtime image may be without it
        assertOnly("jdk.jfr", oneOf("io.toroid.runtime.ProfileEvents"));
        Set<String> others = new TreeSet<>();
        for (Uses user : ALL) {
            user.classes().stream()
                    .filter(used -> Stream.of("java.", "javax.", "com.sun.source.", "io.toroid.", "com.palantir.javapoet.",
                            "org.matheclipse.", "com.google.protobuf.", "jdk.jfr.").noneMatch(used::startsWith))
                    .forEach(used -> others.add(user.name() + " uses " + used));
        }
        assertEquals(Set.of(), others);
    }

    @Test
    void annotationsNeedOnlyTheBaseOfTheJdk() {
        Set<String> base = ModuleLayer.boot().findModule("java.base").orElseThrow().getPackages();
        List<String> others = ANNOTATIONS.stream().map(Uses::of).flatMap(user -> user.classes().stream())
                .filter(used -> !used.startsWith("io.toroid.") && !base.contains(Uses.packageOf(used))).distinct().toList();
        assertEquals(List.of(), others);
    }

    // ---- memory and natives

    /** These methods ask for {@code --enable-native-access}, which one package name shall satisfy. */
    private static final Set<String> RESTRICTED = Set.of(
            "java.lang.foreign.Linker.downcallHandle", "java.lang.foreign.Linker.upcallStub",
            "java.lang.foreign.SymbolLookup.libraryLookup", "java.lang.foreign.MemorySegment.reinterpret",
            "java.lang.foreign.AddressLayout.withTargetLayout", "java.lang.ModuleLayer$Controller.enableNativeAccess",
            "java.lang.System.load", "java.lang.System.loadLibrary", "java.lang.Runtime.load", "java.lang.Runtime.loadLibrary");

    @Test
    void onlyTheForeignFunctionPackageNeedsNativeAccess() {
        Set<String> packages = new TreeSet<>();
        ALL.stream().filter(user -> user.members().stream().anyMatch(RESTRICTED::contains))
                .forEach(user -> packages.add(user.packageName()));
        assertEquals(Set.of("io.toroid.runtime.ffi"), packages);
    }

    /** Segments of memory are values that these hand around; they call nothing. */
    @Test
    void whoHandlesSegmentsOfMemoryIsListed() {
        assertOnly("java.lang.foreign", in("io.toroid.runtime", "io.toroid.runtime.ffi", "io.toroid.runtime.weights",
                "io.toroid.runtime.eager", "io.toroid.processor.weights", "io.toroid.processor.codegen.constants"));
        assertEquals(Set.of(), usedBy("io.toroid.processor", "java.lang.foreign."));
    }

    // ---- habits

    @Test
    void nothingIsAmbient() {
        assertEquals(Set.of(), ALL.stream().filter(user -> user.classes().contains("java.lang.ThreadLocal"))
                .map(Uses::name).collect(java.util.stream.Collectors.toSet()));
        List<String> mutable = new ArrayList<>();
        Stream.of(ANNOTATIONS, RUNTIME, PROCESSOR).flatMap(List::stream).forEach(type -> {
            for (FieldModel field : type.fields()) {
                if (field.flags().has(AccessFlag.STATIC) && !field.flags().has(AccessFlag.FINAL)) {
                    mutable.add(type.thisClass().asInternalName() + "." + field.fieldName());
                }
            }
        });
        assertEquals(List.of(), mutable);
    }

    @Test
    void nothingIsPrinted() {
        assertEquals(List.of(), ALL.stream()
                .filter(user -> user.members().contains("java.lang.System.out") || user.members().contains("java.lang.System.err"))
                .map(Uses::name).toList());
    }
}
