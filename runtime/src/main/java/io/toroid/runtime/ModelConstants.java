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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives a container its constants: the file that the model was compiled with, which the container maps itself, or the tensors of a
 * mapped weight file in their place. Of the latter nothing is copied but what lies misaligned; that memory lives as long as this object.
 */
final class ModelConstants implements AutoCloseable {
    private static final String REMEDY = "A weight file has the model's parameters, by their names there and with their shapes, and no others."
            + " Rename or reshape what is listed; or, if the model's source was changed for these weights, compile it again.";

    private final String model;
    private final ModelManifest manifest;
    private final Arena arena = Arena.ofShared();
    private Optional<WeightSource> weights = Optional.empty();

    private ModelConstants(ModelManifest manifest) {
        this.model = manifest.model();
        this.manifest = manifest;
    }

    /**
     * Loads the constants into a container.
     *
     * @param blob the file of the blob if the model has one
     * @param weights the file to take weights from instead
     * @throws ToroidException if a file does not fit the model; all that is wrong is listed
     */
    static ModelConstants load(ModelManifest manifest, Optional<Path> blob, Optional<Path> weights, ModelLibrary library, long container) {
        ModelConstants constants = new ModelConstants(manifest);
        try {
            constants.provide(blob, weights, library, container);
            return constants;
        } catch (RuntimeException | Error e) {
            constants.close();
            throw e;
        }
    }

    private void provide(Optional<Path> blobFile, Optional<Path> weightFile, ModelLibrary library, long container) {
        if (weightFile.isPresent()) {
            MemorySegment blob = blobFile.isPresent() ? map(blobFile.get()) : MemorySegment.NULL;
            WeightSource source = open(weightFile.get());
            weights = Optional.of(source);
            library.setConstants(container, fromWeights(weightFile.get(), source, blob));
        } else if (blobFile.isPresent()) {
            library.loadFile(container, blobFile.get());
        }
    }

    private MemorySegment map(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new ToroidException("the constants of %s cannot be read from %s: %s".formatted(model, file, e), e);
        }
    }

    private WeightSource open(Path file) {
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
    private MemorySegment[] fromWeights(Path file, WeightSource source, MemorySegment blob) {
        List<ConstantInfo> given = manifest.constants().stream().filter(constant -> constant.kind() != ConstantInfo.Kind.FOLDED).toList();
        MemorySegment[] data = new MemorySegment[given.size()];
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < data.length; i++) {
            ConstantInfo constant = given.get(i);
            if (source.names().contains(constant.name())) {
                data[i] = matching(source, constant, problems);
            } else if (isWeight(constant)) {
                problems.add("missing: %s %s".formatted(constant.name(), constant.type()));
            } else if (!constant.embedded()) {
                data[i] = blob.asSlice(constant.offset(), constant.bytes());
            }
        }
        Set<String> known = given.stream().map(ConstantInfo::name).collect(Collectors.toSet());
        source.names().stream().filter(name -> !known.contains(name)).forEach(name -> problems.add("not in the model: " + name));
        if (!problems.isEmpty()) {
            throw new ToroidException("the weight file %s does not fit %s:\n  %s\n%s"
                    .formatted(file, model, String.join("\n  ", problems), REMEDY));
        }
        return data;
    }

    private MemorySegment matching(WeightSource source, ConstantInfo constant, List<String> problems) {
        WeightTensor tensor;
        try {
            tensor = source.get(constant.name());
        } catch (WeightFormatException e) {
            problems.add(e.getMessage());
            return null;
        }
        List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
        if (tensor.dtype() != constant.dtype() || !shape.equals(constant.shape())) {
            problems.add("%s must be %s but is %s".formatted(constant.name(), constant.type(), tensor.type()));
            return null;
        }
        return aligned(tensor);
    }

    private MemorySegment aligned(WeightTensor tensor) {
        MemorySegment data = tensor.data();
        if (data.address() % tensor.dtype().bytes() == 0) {
            return data;
        }
        return arena.allocate(Math.max(1, data.byteSize()), 64).copyFrom(data);
    }

    private static boolean isWeight(ConstantInfo constant) {
        return constant.kind() == ConstantInfo.Kind.PARAMETER || constant.kind() == ConstantInfo.Kind.BUFFER;
    }

    @Override
    public void close() {
        if (weights.isPresent()) {
            weights.get().close();
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
