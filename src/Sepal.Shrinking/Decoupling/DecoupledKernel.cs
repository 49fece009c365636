using System.Collections.Immutable;

namespace Sepal.Shrinking;

/// <summary>The depthwise-separable convolutions that a standard one becomes a sum of.</summary>
public sealed class DecoupledKernel
{
    internal DecoupledKernel(DecouplingForm form, Size2D kernelSize, int inputChannels, int filters, ImmutableArray<SeparableTerm> terms)
    {
        Form = form;
        KernelSize = kernelSize;
        InputChannels = inputChannels;
        Filters = filters;
        Terms = terms;
    }

    /// <summary>The order of the two steps.</summary>
    public DecouplingForm Form { get; }

    /// <summary>How many separable convolutions are added up.</summary>
    public int Rank => Terms.Length;

    /// <summary>Taps down and across.</summary>
    public Size2D KernelSize { get; }

    /// <summary>Channels that the convolution reads.</summary>
    public int InputChannels { get; }

    /// <summary>Channels that the convolution makes.</summary>
    public int Filters { get; }

    /// <summary>The separable convolutions, that which matters most first.</summary>
    public ImmutableArray<SeparableTerm> Terms { get; }

    /// <summary>How far their sum is from the kernel that was decomposed: ‖W − W_T‖ / ‖W‖ in the Frobenius norm.</summary>
    public required double RelativeError { get; init; }

    /// <summary>The standard kernel that all terms together amount to.</summary>
    /// <returns>The kernel <c>[height, width, input channels, filters]</c>, in storage order.</returns>
    public float[] Reconstruct()
    {
        int taps = checked((int)KernelSize.Area);
        var kernel = new float[checked(taps * InputChannels * Filters)];
        int channels = Form == DecouplingForm.DepthwisePointwise ? InputChannels : Filters;
        for (int index = 0; index < kernel.Length; index++)
        {
            (int rest, int filter) = Math.DivRem(index, Filters);
            (int tap, int input) = Math.DivRem(rest, InputChannels);
            int channel = Form == DecouplingForm.DepthwisePointwise ? input : filter;
            double sum = 0;
            foreach (SeparableTerm term in Terms)
            {
                sum += (double)term.Depthwise[(tap * channels) + channel] * term.Pointwise[(input * Filters) + filter];
            }

            kernel[index] = (float)sum;
        }

        return kernel;
    }
}
