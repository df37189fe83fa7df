package io.toroid.runtime;

import io.toroid.runtime.ffi.ModelLibrary;
import io.toroid.runtime.weights.Safetensors;
import io.toroid.runtime.weights.WeightFormatException;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The constants of a container: the file that the model was compiled with, which the container maps itself, or the tensors of a mapped
 * weight file in their place. Of the latter nothing is copied but what lies misaligned; that memory lives as long as the container may
 * read it. One change at a time: the methods may be called by any thread.
 */
final class ModelConstants implements AutoCloseable {
    private static final String REMEDY = "A weight file has the model's parameters, by their names there and with their shapes, and no others."
            + " Rename or reshape what is listed; or, if the model's source was changed for these weights, compile it again.";

    private final String model;
    private final ModelManifest manifest;
    private final ModelLibrary library;
    private final long container;
    /** Of {@link #blob}; null without any. */
    private Arena mapped;
    /** What the model was compiled with, where it alone has literal tensors: other weights may be given when its file is long deleted. */
    private MemorySegment blob = MemorySegment.NULL;
    private Lent lent = new Lent(Optional.empty());

    /** What the container borrows. */
    private record Lent(Arena arena, Optional<WeightSource> weights) implements AutoCloseable {
        Lent(Optional<WeightSource> weights) {
            this(Arena.ofShared(), weights);
        }

        @Override
        public void close() {
            if (weights.isPresent()) {
                weights.get().close();
            }
            arena.close();
        }
    }

    private ModelConstants(ModelManifest manifest, ModelLibrary library, long container) {
        this.model = manifest.model();
        this.manifest = manifest;
        this.library = library;
        this.container = container;
    }

    /**
     * Loads the constants into a container.
     *
     * @param blob the file of the blob if the model has one
     * @param weights the file to take weights from instead
     * @throws ToroidException if a file does not fit the model; all that is wrong is listed
     */
    static ModelConstants load(ModelManifest manifest, Optional<Path> blob, Optional<Path> weights, ModelLibrary library, long container) {
        ModelConstants constants = new ModelConstants(manifest, library, container);
        try {
            if (blob.isPresent() && constants.hasStoredLiterals()) {
                constants.mapped = Arena.ofShared();
                constants.blob = constants.map(blob.get(), constants.mapped);
            }
            if (weights.isPresent()) {
                constants.swap(weights.get());
            } else if (blob.isPresent()) {
                library.loadFile(container, blob.get());
            }
            return constants;
        } catch (RuntimeException | Error e) {
            constants.close();
            throw e;
        }
    }

    // ---- changes

    /** All weights of a file. */
    synchronized void swap(Path file) {
        WeightSource source = open(file);
        lend(new Lent(Optional.of(source)), "the weight file " + file, source, /* copies= */ false);
    }

    /** All weights of a source that the caller closes. */
    synchronized void swap(WeightSource source) {
        lend(new Lent(Optional.empty()), "the given source of weights", source, /* copies= */ true);
    }

    private void lend(Lent next, String what, WeightSource source, boolean copies) {
        try {
            library.setConstants(container, fromWeights(next.arena(), what, source, copies));
        } catch (RuntimeException | Error e) {
            next.close();
            throw e;
        }
        lent.close();
        lent = next;
    }

    /** Some weights, which are copied. */
    synchronized void update(Map<String, NativeTensor> tensors) {
        List<MemorySegment> descriptors = new ArrayList<>();
        List<NativeTensor> acquired = new ArrayList<>();
        try {
            for (Map.Entry<String, NativeTensor> entry : tensors.entrySet()) {
                index(entry.getKey());
                NativeTensor tensor = Objects.requireNonNull(entry.getValue(), entry.getKey());
                tensor.acquire();
                acquired.add(tensor);
                descriptors.add(tensor.descriptor());
            }
            library.updateConstants(container, List.copyOf(tensors.keySet()), descriptors);
        } finally {
            acquired.forEach(NativeTensor::release);
        }
    }

    /** A copy of the value of a constant. */
    synchronized NativeTensor read(String name) {
        int index = index(name);
        ConstantInfo constant = manifest.constants().get(index);
        NativeTensor value = NativeTensor.allocate(constant.dtype(), constant.shape().stream().mapToLong(Long::longValue).toArray());
        try {
            library.readConstant(container, index, value.segment());
            return value;
        } catch (RuntimeException | Error e) {
            value.close();
            throw e;
        }
    }

    private int index(String name) {
        List<String> names = manifest.constants().stream().map(ConstantInfo::name).toList();
        int index = names.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("%s has no constant '%s'; it has %s".formatted(model, name, String.join(", ", names)));
        }
        return index;
    }

    // ---- weights of a source

    private boolean hasStoredLiterals() {
        for (ConstantInfo constant : manifest.constants()) {
            if (constant.kind() != ConstantInfo.Kind.FOLDED && !isWeight(constant) && !constant.embedded()) {
                return true;
            }
        }
        return false;
    }

    private MemorySegment map(Path file, Arena arena) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new ToroidException("the constants of %s cannot be read from %s: %s".formatted(model, file, e), e);
        }
    }

    private WeightSource open(Path file) {
        if (Files.isDirectory(file)) {
            throw new ToroidException("the weight file %s is a directory; name the .safetensors file in it".formatted(file));
        }
        try {
            return Safetensors.open(file);
        } catch (NoSuchFileException e) {
            throw new ToroidException("the weight file %s does not exist".formatted(file), e);
        } catch (IOException e) {
            throw new ToroidException("the weight file %s cannot be read: %s".formatted(file, e), e);
        } catch (WeightFormatException e) {
            throw new ToroidException("the weights of %s cannot be loaded: %s".formatted(model, e.getMessage()), e);
        }
    }

    /** Parameters and buffers must be in the file; literal tensors of the model's source may be. */
    private MemorySegment[] fromWeights(Arena arena, String what, WeightSource source, boolean copies) {
        List<ConstantInfo> given = manifest.constants().stream().filter(constant -> constant.kind() != ConstantInfo.Kind.FOLDED).toList();
        MemorySegment[] data = new MemorySegment[given.size()];
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < data.length; i++) {
            ConstantInfo constant = given.get(i);
            if (source.names().contains(constant.name())) {
                data[i] = matching(source, constant, problems).map(tensor -> lendable(arena, tensor, copies)).orElse(null);
            } else if (isWeight(constant)) {
                problems.add("missing: %s %s".formatted(constant.name(), constant.type()));
            } else if (!constant.embedded()) {
                data[i] = blob.asSlice(constant.offset(), constant.bytes());
            }
        }
        Set<String> known = given.stream().map(ConstantInfo::name).collect(Collectors.toSet());
        source.names().stream().filter(name -> !known.contains(name)).forEach(name -> problems.add("not in the model: " + name));
        if (!problems.isEmpty()) {
            throw new ToroidException("%s does not fit %s:\n  %s\n%s"
                    .formatted(what, model, String.join("\n  ", problems), REMEDY));
        }
        return data;
    }

    private static Optional<WeightTensor> matching(WeightSource source, ConstantInfo constant, List<String> problems) {
        WeightTensor tensor;
        try {
            tensor = source.get(constant.name());
        } catch (WeightFormatException e) {
            problems.add(e.getMessage());
            return Optional.empty();
        }
        List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
        if (tensor.dtype() != constant.dtype() || !shape.equals(constant.shape())) {
            problems.add("%s must be %s but is %s".formatted(constant.name(), constant.type(), tensor.type()));
            return Optional.empty();
        }
        return Optional.of(tensor);
    }

    private static MemorySegment lendable(Arena arena, WeightTensor tensor, boolean copies) {
        MemorySegment data = tensor.data();
        if (!copies && data.address() % tensor.dtype().bytes() == 0) {
            return data;
        }
        return arena.allocate(Math.max(1, data.byteSize()), 64).copyFrom(data);
    }

    private static boolean isWeight(ConstantInfo constant) {
        return constant.kind() == ConstantInfo.Kind.PARAMETER || constant.kind() == ConstantInfo.Kind.BUFFER;
    }

    @Override
    public synchronized void close() {
        lent.close();
        if (mapped != null) {
            mapped.close();
        }
    }
}
