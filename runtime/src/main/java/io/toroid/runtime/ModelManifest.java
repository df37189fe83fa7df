package io.toroid.runtime;

import io.toroid.DType;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the runtime must know of a compiled model before it loads anything native: the libraries with the CPUs they need, the constants,
 * the entries. The compiler writes it beside the libraries, as {@code META-INF/toroid/<model>/manifest.properties}; every file named
 * in it lies in the same directory.
 *
 * <p>Properties, because the JDK reads them without a dependency. Lists are numbered keys ({@code variant.0.isa}). {@link #text()} sorts
 * the keys and writes no date, so equal manifests are equal bytes.
 *
 * @param model fully qualified name of the model class
 * @param toroid version of the compiler
 * @param abi version of the C ABI that the libraries have
 * @param variants the libraries, best first
 * @param blob the constants' data, unless all of it is in the libraries
 * @param constants in the order of the library's table
 * @param entries in the order of the library's table
 */
public record ModelManifest(
        String model, String toroid, int abi, List<Variant> variants, Optional<FileInfo> blob, List<ConstantInfo> constants,
        List<EntryInfo> entries) {

    /** The version of the C ABI that this runtime speaks. */
    public static final int ABI = 1;

    private static final String FORMAT = "2";
    private static final String SCALAR = "-";

    /**
     * A file beside the manifest.
     *
     * @param sha256 of all of it, in lower-case hexadecimal
     * @param checksum {@link SampledChecksum}: what is looked at whenever the model is loaded
     */
    public record FileInfo(String file, String sha256, String checksum, long bytes) {
        /** Of a file with that content. */
        public static FileInfo of(String file, String sha256, byte[] content) {
            return new FileInfo(file, sha256, SampledChecksum.of(content), content.length);
        }
    }

    /**
     * A library.
     *
     * @param isa the name of its instruction set
     * @param platform operating system and processor, as {@link CpuFeatures#platform()}
     * @param flags the CPU features it needs, named as in Linux's {@code /proc/cpuinfo}
     */
    public record Variant(String isa, String platform, List<String> flags, FileInfo library) {
        public Variant {
            flags = List.copyOf(flags);
        }
    }

    /** An entry with its flattened inputs and outputs. */
    public record EntryInfo(String name, List<TensorInfo> inputs, List<TensorInfo> outputs) {
        public EntryInfo {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }
    }

    public ModelManifest {
        variants = List.copyOf(variants);
        constants = List.copyOf(constants);
        entries = List.copyOf(entries);
    }

    /** The directory of resources of a model, with a slash at its end. */
    public static String directory(String model) {
        return "META-INF/toroid/" + model + "/";
    }

    /** The resource that holds a model's manifest. */
    public static String resource(String model) {
        return directory(model) + "manifest.properties";
    }

    /** The manifest's text, which {@link #read} reads back. */
    public String text() {
        Map<String, String> keys = new TreeMap<>();
        keys.put("format", FORMAT);
        keys.put("model", model);
        keys.put("toroid", toroid);
        keys.put("abi", Integer.toString(abi));
        writeAll(keys, "variant", variants, ModelManifest::variantKeys);
        blob.ifPresent(file -> fileKeys(file).forEach((key, value) -> keys.put("blob." + key, value)));
        keys.put("constant.count", Integer.toString(constants.size()));
        for (int i = 0; i < constants.size(); i++) {
            keys.put("constant." + i, constantText(constants.get(i)));
        }
        writeAll(keys, "entry", entries, ModelManifest::entryKeys);
        return keys.entrySet().stream().map(e -> e.getKey() + "=" + escape(e.getValue()) + "\n").collect(Collectors.joining());
    }

    /**
     * Reads a manifest.
     *
     * @param origin where it comes from, for messages
     * @throws ToroidException if it is not one, or was written for another version of the runtime
     */
    public static ModelManifest read(Reader source, String origin) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(source);
            return new Parser(properties).manifest(origin);
        } catch (IllegalArgumentException e) {
            throw new ToroidException(origin + " is damaged: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> fileKeys(FileInfo file) {
        return Map.of(
                "file", file.file(), "sha256", file.sha256(), "checksum", file.checksum(), "bytes", Long.toString(file.bytes()));
    }

    private static Map<String, String> variantKeys(Variant variant) {
        Map<String, String> keys = new TreeMap<>(fileKeys(variant.library()));
        keys.put("isa", variant.isa());
        keys.put("platform", variant.platform());
        keys.put("flags", String.join(" ", variant.flags()));
        return keys;
    }

    /** One line: a model has hundreds of constants, and is read while the JVM starts. */
    private static String constantText(ConstantInfo constant) {
        String shape = constant.shape().stream().map(String::valueOf).collect(Collectors.joining("x"));
        return String.join(" ", constant.kind().text(), constant.dtype().text(), shape.isEmpty() ? SCALAR : shape,
                Long.toString(constant.offset()), Long.toString(constant.bytes()), Boolean.toString(constant.embedded()), constant.name());
    }

    private static Map<String, String> entryKeys(EntryInfo entry) {
        Map<String, String> keys = new TreeMap<>();
        keys.put("name", entry.name());
        writeAll(keys, "input", entry.inputs(), ModelManifest::tensorKeys);
        writeAll(keys, "output", entry.outputs(), ModelManifest::tensorKeys);
        return keys;
    }

    private static Map<String, String> tensorKeys(TensorInfo tensor) {
        Map<String, String> keys = new TreeMap<>(Map.of("name", tensor.name(), "type", tensor.type()));
        if (tensor.updated()) {
            keys.put("updated", "true");
        }
        return keys;
    }

    private static <T> void writeAll(Map<String, String> keys, String list, List<T> items, Function<T, Map<String, String>> write) {
        keys.put(list + ".count", Integer.toString(items.size()));
        for (int i = 0; i < items.size(); i++) {
            String prefix = list + "." + i + ".";
            write.apply(items.get(i)).forEach((key, value) -> keys.put(prefix + key, value));
        }
    }

    /** Escapes a value for {@link Properties#load}; ASCII only. */
    private static String escape(String value) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' || (c == ' ' && i == 0)) {
                result.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                result.append("\\u%04x".formatted((int) c));
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    /** Reads keys; what is missing or not of its type is an {@link IllegalArgumentException} that names the key. */
    private record Parser(Properties properties) {
        ModelManifest manifest(String origin) {
            String format = text("format");
            if (!format.equals(FORMAT)) {
                throw new ToroidException(
                        "%s has format %s, and this version of the runtime reads format %s: use the same version of Toroid's runtime and processor"
                                .formatted(origin, format, FORMAT));
            }
            return new ModelManifest(
                    text("model"), text("toroid"), (int) number("abi"), variants(),
                    properties.containsKey("blob.file") ? Optional.of(file("blob.")) : Optional.empty(), constants(), entries());
        }

        // Loops instead of lambdas: each of these costs a JVM part of a millisecond when it starts.

        private List<Variant> variants() {
            List<Variant> variants = new ArrayList<>();
            for (long i = 0; i < number("variant.count"); i++) {
                variants.add(variant("variant." + i + "."));
            }
            return variants;
        }

        private List<ConstantInfo> constants() {
            List<ConstantInfo> constants = new ArrayList<>();
            long count = number("constant.count");
            for (long i = 0; i < count; i++) {
                constants.add(constant("constant." + i));
            }
            return constants;
        }

        private List<EntryInfo> entries() {
            List<EntryInfo> entries = new ArrayList<>();
            for (long i = 0; i < number("entry.count"); i++) {
                String prefix = "entry." + i + ".";
                entries.add(new EntryInfo(text(prefix + "name"), tensors(prefix + "input."), tensors(prefix + "output.")));
            }
            return entries;
        }

        private List<TensorInfo> tensors(String prefix) {
            List<TensorInfo> tensors = new ArrayList<>();
            for (long i = 0; i < number(prefix + "count"); i++) {
                TensorInfo tensor = TensorInfo.parse(text(prefix + i + ".name"), text(prefix + i + ".type"));
                tensors.add(properties.containsKey(prefix + i + ".updated") ? tensor.asUpdated() : tensor);
            }
            return tensors;
        }

        private Variant variant(String prefix) {
            return new Variant(text(prefix + "isa"), text(prefix + "platform"), words(prefix + "flags"), file(prefix));
        }

        private FileInfo file(String prefix) {
            String name = text(prefix + "file");
            if (name.contains("/") || name.contains("\\") || name.startsWith(".")) {
                throw new IllegalArgumentException(prefix + "file is not the plain name of a file: " + name);
            }
            return new FileInfo(name, text(prefix + "sha256"), text(prefix + "checksum"), number(prefix + "bytes"));
        }

        private ConstantInfo constant(String key) {
            String[] fields = text(key).split(" ", /* limit= */ 7);
            if (fields.length < 7) {
                throw new IllegalArgumentException(key + " has " + fields.length + " of the seven parts of a constant");
            }
            Optional<DType> dtype = DType.ofText(fields[1]);
            if (dtype.isEmpty()) {
                throw new IllegalArgumentException(key + " has '" + fields[1] + "', which is not an element type");
            }
            List<Long> shape = new ArrayList<>();
            if (!fields[2].equals(SCALAR)) {
                for (String size : fields[2].split("x")) {
                    shape.add(number(key, size));
                }
            }
            return new ConstantInfo(fields[6], ConstantInfo.Kind.ofText(fields[0]), dtype.get(), shape,
                    number(key, fields[3]), number(key, fields[4]), Boolean.parseBoolean(fields[5]));
        }

        private List<String> words(String key) {
            String text = text(key).strip();
            return text.isEmpty() ? List.of() : Arrays.asList(text.split(" "));
        }

        private long number(String key) {
            return number(key, text(key));
        }

        private static long number(String key, String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(key + " is not a number: " + text, e);
            }
        }

        private String text(String key) {
            String text = properties.getProperty(key);
            if (text == null) {
                throw new IllegalArgumentException(key + " is missing");
            }
            return text;
        }
    }
}
