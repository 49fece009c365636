using Sepal.Kernels.Rows;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Kernels.Rows;

public sealed unsafe class ChannelSumsTests
{
    public static TheoryData<int> Channels => [.. TestNumbers.Channels];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Pixels_are_added_up_for_every_channel(int channels)
    {
        foreach (int count in (int[])[1, 2, 3, 8, 13])
        {
            float[] pixels = TestNumbers.Uniform(new Random(count), count * channels);
            using GuardedBuffer source = new(pixels);
            using GuardedBuffer sums = new(channels);
            var kernel = ChannelSums.Create(channels);
            kernel.Run(source.Pointer, count, 0.25f, sums.Pointer, 0, channels);
            double[] expected =
            [
                .. Enumerable.Range(0, channels).Select(channel =>
                    Enumerable.Range(0, count).Sum(pixel => (double)pixels[(pixel * channels) + channel]) * 0.25),
            ];
            float[] whole = sums.Span.ToArray();
            sums.Span.Fill(float.NaN);
            for (int first = 0; first < channels; first += 16)
            {
                kernel.Run(source.Pointer, count, 0.25f, sums.Pointer, first, channels - first < 32 ? channels : first + 16);
            }

            Assert.Equal(whole, sums.Span.ToArray());
            Comparer.AssertClose(expected, sums.Span, count, [channels], $"{count} pixels of {channels} channels");
        }
    }
}
