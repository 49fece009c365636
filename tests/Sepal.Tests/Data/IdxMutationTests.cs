using FsCheck;
using FsCheck.Xunit;
using Sepal.Data;
using Xunit;

namespace Sepal.Tests.Data;

/// <summary>Whatever is done to a file, reading it gives a tensor that fits its header, or one kind of exception.</summary>
public sealed class IdxMutationTests
{
    private static readonly byte[] Plain = IdxBytes.Images(3, 4, 5);
    private static readonly byte[] Zipped = IdxBytes.Zip(Plain);

    [Property(MaxTest = 2000)]
    public void A_flipped_bit_gives_a_tensor_or_a_data_exception(bool zipped, NonNegativeInt position, NonNegativeInt second)
    {
        byte[] bytes = [.. zipped ? Zipped : Plain];
        Flip(bytes, position.Get);
        Flip(bytes, second.Get);

        ReadOrRefuse(bytes);
    }

    [Property(MaxTest = 500)]
    public void A_cut_or_lengthened_file_gives_a_tensor_or_a_data_exception(bool zipped, NonNegativeInt length, byte[] tail)
    {
        byte[] bytes = zipped ? Zipped : Plain;

        ReadOrRefuse([.. bytes.Take(length.Get % (bytes.Length + 1)), .. tail]);
    }

    [Property(MaxTest = 500)]
    public void Random_bytes_give_a_tensor_or_a_data_exception(byte[] bytes) => ReadOrRefuse(bytes);

    private static void Flip(byte[] bytes, int position) => bytes[position / 8 % bytes.Length] ^= (byte)(1 << (position % 8));

    private static void ReadOrRefuse(byte[] bytes)
    {
        try
        {
            IdxFile file = IdxFile.Read(bytes, "f", maximumElements: 1 << 20);
            Assert.Equal(file.Dimensions.Aggregate(1L, (product, next) => product * next), file.Elements.Length);
        }
        catch (DataException error)
        {
            Assert.StartsWith("f: ", error.Message, StringComparison.Ordinal);
        }
    }
}
