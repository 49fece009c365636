using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Convolution;

/// <summary>
/// Where the weights of a correlation lie in a kernel <c>[KernelHeight, KernelWidth, InputChannels / Groups,
/// OutputChannels]</c>, which a convolution reads from input to output channels and its gradient by input from
/// output to input channels.
/// </summary>
internal readonly unsafe record struct KernelLayout
{
    public required int Groups { get; init; }

    public required int GroupSourceChannels { get; init; }

    public required int GroupTargetChannels { get; init; }

    public required int KernelWidth { get; init; }

    /// <summary>Floats from one source channel of a group to the next.</summary>
    public required int SourceStride { get; init; }

    /// <summary>Floats from one target channel of a group to the next.</summary>
    public required int TargetStride { get; init; }

    /// <summary>Floats from one group to the next.</summary>
    public required int GroupStride { get; init; }

    /// <summary>Floats from one tap to the next.</summary>
    public required int TapStride { get; init; }

    /// <summary>Whether the target channels are contiguous, and the source channels follow one another.</summary>
    public bool IsRowMajor => TargetStride == 1;

    public static KernelLayout Forward(in ConvolutionGeometry geometry) => new()
    {
        Groups = geometry.Groups,
        GroupSourceChannels = geometry.GroupInputChannels,
        GroupTargetChannels = geometry.GroupOutputChannels,
        KernelWidth = geometry.KernelWidth,
        SourceStride = geometry.OutputChannels,
        TargetStride = 1,
        GroupStride = geometry.GroupOutputChannels,
        TapStride = geometry.GroupInputChannels * geometry.OutputChannels,
    };

    public static KernelLayout Transposed(in ConvolutionGeometry geometry) => new()
    {
        Groups = geometry.Groups,
        GroupSourceChannels = geometry.GroupOutputChannels,
        GroupTargetChannels = geometry.GroupInputChannels,
        KernelWidth = geometry.KernelWidth,
        SourceStride = 1,
        TargetStride = geometry.OutputChannels,
        GroupStride = geometry.GroupOutputChannels,
        TapStride = geometry.GroupInputChannels * geometry.OutputChannels,
    };

    /// <summary>The offset of the weight of a tap, a group's first source channel and one of its target channels.</summary>
    public long Offset(int kernelTap, int group, int targetChannel) =>
        ((long)kernelTap * TapStride) + ((long)group * GroupStride) + ((long)targetChannel * TargetStride);

    /// <summary>
    /// Copies one tap's weights for some target channels to packed rows, one for each source channel, with zeros after
    /// the last target channel.
    /// </summary>
    public void PackTap(float* weights, float* packed, int columns, int packedWidth)
    {
        if (columns < packedWidth)
        {
            new Span<float>(packed, GroupSourceChannels * packedWidth).Clear();
        }

        if (IsRowMajor)
        {
            for (int row = 0; row < GroupSourceChannels; row++)
            {
                new ReadOnlySpan<float>(weights + ((long)row * SourceStride), columns)
                    .CopyTo(new Span<float>(packed + ((long)row * packedWidth), columns));
            }

            return;
        }

        Transpose(weights, packed, columns, packedWidth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose(float* weights, float* packed, int columns, int packedWidth)
    {
        int wholeColumns = columns / Transposition.Size * Transposition.Size;
        int wholeRows = GroupSourceChannels / Transposition.Size * Transposition.Size;
        for (int row = 0; row < wholeRows; row += Transposition.Size)
        {
            for (int column = 0; column < wholeColumns; column += Transposition.Size)
            {
                Transposition.FourByFour(
                    weights + ((long)column * TargetStride) + row, TargetStride,
                    packed + ((long)row * packedWidth) + column, packedWidth);
            }
        }

        for (int column = 0; column < columns; column++)
        {
            float* read = weights + ((long)column * TargetStride);
            for (int row = column < wholeColumns ? wholeRows : 0; row < GroupSourceChannels; row++)
            {
                packed[((long)row * packedWidth) + column] = read[row];
            }
        }
    }
}
