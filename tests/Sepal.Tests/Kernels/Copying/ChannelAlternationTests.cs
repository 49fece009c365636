using Sepal.Kernels.Copying;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Kernels.Copying;

public sealed unsafe class ChannelAlternationTests
{
    public static TheoryData<int> Channels => [.. TestNumbers.Channels];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Channels_are_joined_alternately(int channels)
    {
        foreach (int count in (int[])[channels, (channels + 1) / 2, 1])
        {
            const int Pixels = 5;
            float[] left = [.. Enumerable.Range(0, Pixels * channels).Select(index => (float)index)];
            float[] right = [.. left.Select(number => -1 - number)];

            // The last pixel has the channels only that are taken, and memory ends there.
            int length = ((Pixels - 1) * channels) + count;
            using GuardedBuffer first = new(left.AsSpan(0, length));
            using GuardedBuffer second = new(right.AsSpan(0, length));
            using GuardedBuffer target = new(Pixels * 2 * count);
            ChannelAlternation.Create(channels, count).Run(first.Pointer, second.Pointer, target.Pointer, Pixels);
            float[] expected =
            [
                .. from pixel in Enumerable.Range(0, Pixels)
                   from channel in Enumerable.Range(0, count)
                   let index = (pixel * channels) + channel
                   from number in (float[])[left[index], right[index]]
                   select number,
            ];
            Assert.Equal(expected, target.Span.ToArray());
        }
    }
}
