using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Shrinking;

/// <summary>
/// A convolution's kernel as a sum of depthwise-separable ones, closed form, computed once and cut off at any rank: Guo et al.,
/// "Network Decoupling: From Regular to Depthwise Separable Convolutions" (https://arxiv.org/abs/1808.05517), section 3.2.
/// </summary>
/// <remarks>
/// For depthwise → pointwise, the kernel of input channel m is a matrix of output channels × kernel positions, whose singular
/// value decomposition Σₜ σₜ·uₜ·vₜᵀ gives the depthwise filters vₜ and the pointwise columns uₜ (their equations 5 to 8). For
/// pointwise → depthwise, the kernel of output channel n is a matrix of input channels × kernel positions. Both are the best
/// approximations of their form in the sum of squares (Eckart and Young), and σₜ is shared out evenly as √σₜ. Singular vectors are
/// those of the smaller Gram matrix, in double precision: what that loses is below the kernel's own rounding to 32 bits.
/// </remarks>
public sealed class KernelDecomposition
{
    private readonly SliceDecomposition[] _slices;
    private readonly double[] _keptEnergy;

    private KernelDecomposition(DecouplingForm form, Size2D kernelSize, int inputChannels, int filters, SliceDecomposition[] slices)
    {
        Form = form;
        KernelSize = kernelSize;
        InputChannels = inputChannels;
        Filters = filters;
        _slices = slices;
        FullRank = slices[0].Rank;
        Energy = slices.Sum(slice => slice.Energy);
        _keptEnergy = new double[FullRank + 1];
        for (int term = 0; term < FullRank; term++)
        {
            _keptEnergy[term + 1] = _keptEnergy[term] + slices.Sum(slice => slice.SquaredSingularValues[term]);
        }
    }

    /// <summary>The order of the two steps.</summary>
    public DecouplingForm Form { get; }

    /// <summary>Taps down and across.</summary>
    public Size2D KernelSize { get; }

    /// <summary>Channels that the convolution reads.</summary>
    public int InputChannels { get; }

    /// <summary>Channels that the convolution makes.</summary>
    public int Filters { get; }

    /// <summary>The rank that gives the kernel exactly: kernel positions, or the other step's channels where they are fewer.</summary>
    public int FullRank { get; }

    /// <summary>The sum of the kernel's squares.</summary>
    public double Energy { get; }

    /// <summary>Decomposes a kernel.</summary>
    /// <param name="kernel">The kernel <c>[height, width, input channels, filters]</c>, in storage order.</param>
    /// <param name="kernelSize">Taps down and across.</param>
    /// <param name="inputChannels">Channels that the convolution reads.</param>
    /// <param name="filters">Channels that the convolution makes.</param>
    /// <param name="form">The order of the two steps.</param>
    /// <returns>The decomposition.</returns>
    /// <exception cref="SepalException">The count of numbers is not the shape's, or some are not finite.</exception>
    public static KernelDecomposition Of(
        ReadOnlySpan<float> kernel, Size2D kernelSize, int inputChannels, int filters, DecouplingForm form)
    {
        RequireKernel(kernel, kernelSize, inputChannels, filters);
        int taps = checked((int)kernelSize.Area);
        float[] numbers = kernel.ToArray();
        bool byInput = form == DecouplingForm.DepthwisePointwise;
        var slices = new SliceDecomposition[byInput ? inputChannels : filters];
        Parallel.For(0, slices.Length, index =>
        {
            // Rows are the channels of the other side, columns the taps.
            var matrix = new double[(byInput ? filters : inputChannels) * taps];
            for (int other = 0; other < matrix.Length / taps; other++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    (int input, int filter) = byInput ? (index, other) : (other, index);
                    matrix[(other * taps) + tap] = numbers[(((tap * inputChannels) + input) * filters) + filter];
                }
            }

            slices[index] = SliceDecomposition.Of(matrix, matrix.Length / taps, taps);
        });
        return new KernelDecomposition(form, kernelSize, inputChannels, filters, slices);
    }

    /// <summary>Decomposes the kernel of a model's convolution.</summary>
    /// <param name="model">The model.</param>
    /// <param name="node">The convolution's name.</param>
    /// <param name="form">The order of the two steps.</param>
    /// <returns>The decomposition.</returns>
    /// <exception cref="SepalException">
    /// There is no such node, or it has to stay as it is (<see cref="DecouplingRewrite.ReasonToKeep(Model, string)"/>).
    /// </exception>
    public static KernelDecomposition Of(Model model, string node, DecouplingForm form)
    {
        ArgumentNullException.ThrowIfNull(model);
        Node convolution = model.Graph.Node(node);
        DecouplingRewrite.RequireSuited(model, convolution);
        var @operator = (Convolution)convolution.Operator;
        return Of(
            StoredNumbers.Read(model, convolution.Inputs[1]),
            @operator.KernelSize,
            checked((int)convolution.Inputs[0].Spec.Channels.Value),
            @operator.Filters,
            form);
    }

    /// <summary>The share of the kernel's squares that a rank keeps, from 0 to 1.</summary>
    /// <param name="rank">How many separable convolutions are added up.</param>
    /// <returns>The share; 1 for a kernel of zeros.</returns>
    /// <exception cref="SepalException">The rank is out of range.</exception>
    public double EnergyShare(int rank)
    {
        RequireRank(rank);
        return Energy > 0 ? Math.Min(1, _keptEnergy[rank] / Energy) : 1;
    }

    /// <summary>How far the kernel of a rank is from this one: ‖W − W_T‖ / ‖W‖ in the Frobenius norm.</summary>
    /// <param name="rank">How many separable convolutions are added up.</param>
    /// <returns>The relative error; 0 at full rank, and for a kernel of zeros.</returns>
    /// <exception cref="SepalException">The rank is out of range.</exception>
    public double RelativeError(int rank)
    {
        RequireRank(rank);
        return Energy > 0 ? Math.Sqrt(Math.Clamp((_keptEnergy[FullRank] - _keptEnergy[rank]) / Energy, 0, 1)) : 0;
    }

    /// <summary>The least rank whose relative error is no more than a bound.</summary>
    /// <param name="maximumRelativeError">The bound, at least 0.</param>
    /// <returns>The rank, from 1 to <see cref="FullRank"/>.</returns>
    public int RankForError(double maximumRelativeError) => LeastRank(rank => RelativeError(rank) <= maximumRelativeError);

    /// <summary>The least rank that keeps a share of the kernel's squares.</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    /// <returns>The rank, from 1 to <see cref="FullRank"/>.</returns>
    public int RankForEnergy(double share) => LeastRank(rank => EnergyShare(rank) >= share);

    /// <summary>The largest rank that takes no more than a number of MACs.</summary>
    /// <param name="budget">MACs of both steps together.</param>
    /// <param name="outputPixels">Height times width of the convolution's output.</param>
    /// <param name="inputPixels">Height times width of its input: where a pointwise step that comes first is computed.</param>
    /// <returns>The rank, up to <see cref="FullRank"/>; 0 where not even rank 1 fits.</returns>
    public int RankForMultiplyAccumulates(long budget, long outputPixels, long inputPixels)
    {
        int rank = 0;
        while (rank < FullRank && MultiplyAccumulates(rank + 1, outputPixels, inputPixels) <= budget)
        {
            rank++;
        }

        return rank;
    }

    /// <summary>MACs of both steps together, for one image.</summary>
    /// <param name="rank">How many separable convolutions are added up.</param>
    /// <param name="outputPixels">Height times width of the convolution's output.</param>
    /// <param name="inputPixels">Height times width of its input: where a pointwise step that comes first is computed.</param>
    /// <returns>The MACs.</returns>
    public long MultiplyAccumulates(int rank, long outputPixels, long inputPixels)
    {
        RequireRank(rank);
        long depthwise = rank * KernelSize.Area * (Form == DecouplingForm.DepthwisePointwise ? InputChannels : Filters);
        long pointwise = (long)rank * InputChannels * Filters;
        return checked((depthwise * outputPixels) + (pointwise * (Form == DecouplingForm.DepthwisePointwise ? outputPixels : inputPixels)));
    }

    /// <summary>Numbers in the kernels of both steps together, without a bias.</summary>
    /// <param name="rank">How many separable convolutions are added up.</param>
    /// <returns>The count.</returns>
    public long Parameters(int rank) => MultiplyAccumulates(rank, outputPixels: 1, inputPixels: 1);

    /// <summary>Cuts the sum off after so many separable convolutions.</summary>
    /// <param name="rank">How many are added up, from 1 to <see cref="FullRank"/>.</param>
    /// <returns>The separable convolutions.</returns>
    /// <exception cref="SepalException">The rank is out of range.</exception>
    public DecoupledKernel Truncate(int rank)
    {
        RequireRank(rank, least: 1);
        return new DecoupledKernel(
            Form, KernelSize, InputChannels, Filters, [.. Enumerable.Range(0, rank).AsParallel().AsOrdered().Select(Term)])
        {
            RelativeError = RelativeError(rank),
        };
    }

    private static void RequireKernel(ReadOnlySpan<float> kernel, Size2D kernelSize, int inputChannels, int filters)
    {
        if (kernelSize.Height < 1 || kernelSize.Width < 1 || inputChannels < 1 || filters < 1
            || kernel.Length != checked(kernelSize.Area * inputChannels * filters))
        {
            throw new SepalException(
                $"A kernel of {kernelSize} from {inputChannels} to {filters} channels was announced, but {kernel.Length} numbers were given. "
                + "Give [height, width, input channels, filters] in storage order, every extent at least 1.");
        }

        if (!StoredNumbers.AreFinite(kernel))
        {
            throw new SepalException("The kernel has numbers that are not finite, which cannot be decomposed. Train the model again, or mend its file.");
        }
    }

    private SeparableTerm Term(int term)
    {
        int taps = checked((int)KernelSize.Area);
        var depthwise = new float[checked(taps * _slices.Length)];
        var pointwise = new float[checked(InputChannels * Filters)];
        for (int index = 0; index < _slices.Length; index++)
        {
            (double[] channels, double[] filter) = _slices[index].Term(term);
            for (int tap = 0; tap < taps; tap++)
            {
                depthwise[(tap * _slices.Length) + index] = (float)filter[tap];
            }

            for (int channel = 0; channel < channels.Length; channel++)
            {
                (int input, int output) = Form == DecouplingForm.DepthwisePointwise ? (index, channel) : (channel, index);
                pointwise[(input * Filters) + output] = (float)channels[channel];
            }
        }

        return new SeparableTerm(
            [KernelSize.Height, KernelSize.Width, 1, _slices.Length], depthwise, [1, 1, InputChannels, Filters], pointwise);
    }

    private int LeastRank(Func<int, bool> suffices)
    {
        int rank = 1;
        while (rank < FullRank && !suffices(rank))
        {
            rank++;
        }

        return rank;
    }

    private void RequireRank(int rank, int least = 0)
    {
        if (rank < least || rank > FullRank)
        {
            throw new SepalException(
                $"The rank is {rank}. A {KernelSize} kernel from {InputChannels} to {Filters} channels in the form {Form} has ranks from {least} to {FullRank}.");
        }
    }
}
