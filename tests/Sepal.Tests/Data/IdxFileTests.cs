using System.Text;
using Sepal.Data;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class IdxFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_dimensions_and_elements_gzipd_or_not(bool zipped)
    {
        byte[] bytes = IdxBytes.Make([2, 1, 3], [1, 2, 3, 4, 5, 6]);

        IdxFile file = IdxFile.Read(zipped ? IdxBytes.Zip(bytes) : bytes, "images");

        Assert.Equal([2, 1, 3], file.Dimensions);
        Assert.Equal([1, 2, 3, 4, 5, 6], file.Elements.ToArray());
        Assert.Equal("images", file.Name);
    }

    [Fact]
    public void Reads_a_stream_that_gives_one_byte_at_a_time_and_cannot_seek()
    {
        using var stream = new TricklingStream(IdxBytes.Zip(IdxBytes.Labels(7, 2, 1)));

        Assert.Equal([7, 2, 1], IdxFile.Read(stream, "labels").Elements.ToArray());
    }

    [Fact]
    public void Reads_more_than_its_first_buffer()
    {
        byte[] elements = [.. Enumerable.Range(0, 200_000).Select(value => (byte)(value % 251))];

        Assert.Equal(elements, IdxFile.Read(IdxBytes.Zip(IdxBytes.Make([200_000], elements)), "labels").Elements.ToArray());
    }

    [Theory]
    [InlineData("", "f: the file is empty. Download it again.")]
    [InlineData("00", "ends after 1 bytes, within its header")]
    [InlineData("000008", "ends after 3 bytes, within its header")]
    [InlineData("00000801", "ends after 4 bytes, within its header of 8")]
    [InlineData("0000080100", "ends after 5 bytes, within its header of 8")]
    [InlineData("0000080300000002000000010000000301020304", "header declares 6 bytes (2 × 1 × 3), but 4 follow")]
    [InlineData("0000080100000002010203", "more bytes after the 2 that its header declares")]
    [InlineData("00000901000000020102", "elements are signed bytes (type byte 09)")]
    [InlineData("00000D010000000101020304", "elements are floats (type byte 0D)")]
    [InlineData("00000801FFFFFFFF", "declares 4,294,967,295 as dimension 0")]
    [InlineData("00000803000000010000FFFF0000FFFF", "declares 65,535 as dimension 2")]
    [InlineData("00000800", "it has 0 dimensions")]
    [InlineData("00000805", "it has 5 dimensions")]
    [InlineData("504B0304", "as a zip archive does")]
    [InlineData("89504E470D0A", "as a PNG picture does")]
    [InlineData("41424344", "begins with 41424344, as no kind of file that Sepal knows does")]
    [InlineData("1F8B", "it unpacks to nothing")]
    [InlineData("1F8B0800000000000003FFFFFFFF", "gzip data are damaged or cut off")]
    public void Refuses_what_is_not_an_IDX_file(string hex, string message)
    {
        DataException error = Assert.Throws<DataException>(() => IdxFile.Read(Convert.FromHexString(hex), "f"));

        Assert.StartsWith("f: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html>403 Forbidden", "as a web page does", "download it from another address")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "as a Git LFS pointer does", "git lfs pull")]
    public void Names_the_mistake_when_the_download_went_wrong(string text, string problem, string remedy)
    {
        DataException error = Assert.Throws<DataException>(() => IdxFile.Read(Encoding.ASCII.GetBytes(text), "f"));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_so_when_a_file_was_gzipd_twice()
    {
        byte[] twice = IdxBytes.Zip(IdxBytes.Zip(IdxBytes.Labels(1)));

        Assert.Contains("gzip'd twice", Assert.Throws<DataException>(() => IdxFile.Read(twice, "f")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_gzip_data_cut_off_before_the_last_element()
    {
        byte[] zipped = IdxBytes.Zip(IdxBytes.Images(3, 5, 7));

        // The last bytes are the end mark and the checksum, which .NET does not miss.
        for (int length = 1; length < zipped.Length - 10; length++)
        {
            Assert.Throws<DataException>(() => IdxFile.Read(zipped.AsMemory(0, length), "f"));
        }
    }

    [Fact]
    public void Does_not_unpack_a_bomb_past_what_its_header_declares()
    {
        byte[] bomb = IdxBytes.Zip(IdxBytes.Make([10], new byte[200_000_000]));

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataException>(() => IdxFile.Read(bomb, "f"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Does_not_allocate_what_a_header_declares_before_it_arrives()
    {
        byte[] boast = IdxBytes.Make([IdxFile.DefaultMaximumElements], [1, 2, 3]);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataException>(() => IdxFile.Read(boast, "f"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Keeps_to_the_limit_it_is_given()
    {
        byte[] bytes = IdxBytes.Labels(1, 2, 3);

        Assert.Equal(3, IdxFile.Read(bytes, "f", maximumElements: 3).Elements.Length);
        Assert.Throws<DataException>(() => IdxFile.Read(bytes, "f", maximumElements: 2));
    }

    [Fact]
    public void Names_a_path_that_cannot_be_read()
    {
        using var directory = new TemporaryDirectory();

        string missing = directory.File("missing.gz");
        Assert.Contains("there is no such file", Assert.Throws<DataException>(() => IdxFile.Read(missing)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<DataException>(() => IdxFile.Read(directory.Path)).Message, StringComparison.Ordinal);
    }

    private sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}
