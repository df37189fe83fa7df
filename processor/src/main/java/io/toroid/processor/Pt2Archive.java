package io.toroid.processor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Libraries of the linkage {@code libtorch} with their constants as PyTorch packages them: a {@code .pt2} archive with a model for each
 * entry. The first is called {@code model}, which {@code torch._inductor.aoti_load_package} loads, unless another entry has that name; the
 * others are called as the entries are, and loaded by {@code torch._inductor.package.load_package}. All models of an archive share the
 * constants. Files are stored as they are, under a folder with the archive's name.
 */
final class Pt2Archive {

    /** The archive's suffix. */
    static final String SUFFIX = ".pt2";

    private static final String DEFAULT_MODEL = "model";
    private static final String MODELS = "data/aotinductor/";
    /** What PyTorch unpacks for each model. */
    private static final String SHARED = "data/constants/";
    private static final LocalDateTime NO_DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Pt2Archive() {
    }

    /**
     * @param name without the suffix
     * @param entries their names
     * @param libraries one for each entry
     * @param blob the stored constants; may be empty
     */
    static byte[] of(String name, List<String> entries, List<byte[]> libraries, byte[] blob) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("archive_format", text("pt2"));
        files.put("archive_version", text("0"));
        files.put("byteorder", text("little"));
        files.put(".data/version", text("3\n"));
        files.put(".data/serialization_id", text(Hashes.sha256(libraries.getFirst()).substring(0, 40)));
        for (int i = 0; i < libraries.size(); i++) {
            String file = folder(entries, i) + name + ".wrapper";
            files.put(file + ".so", libraries.get(i));
            files.put(file + "_metadata.json", text("{\"AOTI_DEVICE_KEY\": \"cpu\"}"));
        }
        if (blob.length > 0) {
            files.put((libraries.size() == 1 ? folder(entries, 0) : SHARED) + name + "_weights.blob", blob);
        }
        return zip(name, files);
    }

    private static String folder(List<String> entries, int entry) {
        boolean isDefault = entry == 0 && !entries.contains(DEFAULT_MODEL);
        return MODELS + (isDefault ? DEFAULT_MODEL : entries.get(entry)) + "/";
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip(String root, Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(files.values().stream().mapToInt(file -> file.length + 512).sum());
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(entry(root + "/" + file.getKey(), file.getValue()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static ZipEntry entry(String name, byte[] content) {
        ZipEntry entry = new ZipEntry(name);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(NO_DATE);
        return entry;
    }
}
