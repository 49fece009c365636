using Sepal.Kernels.Rows;

namespace Sepal.Execution.Lowering;

/// <summary>A convolution's kernels, and where what they read beside the data lies.</summary>
/// <param name="Rows">The kernels.</param>
/// <param name="Packed">The packed kernel and bias.</param>
/// <param name="Scale">A factor for every image and channel of the data, or null.</param>
/// <param name="Residual">What is added to the result, or null.</param>
internal sealed record StageBuffers(ConvolutionRows Rows, PlanBuffer Packed, PlanBuffer? Scale, PlanBuffer? Residual)
{
    /// <summary>All that is read beside the data.</summary>
    public IEnumerable<PlanBuffer> Reads => ((PlanBuffer?[])[Packed, Scale, Residual]).OfType<PlanBuffer>();

    /// <summary>The operands of a call for one image, but for the data, the target and the rows.</summary>
    public unsafe RowOperands Operands(RunContext run, int image) => new()
    {
        Packed = run.Floats(Packed),
        Scale = Scale is null ? null : run.Floats(Scale) + ((long)image * Rows.Geometry.InputChannels),
        Addend = Residual is null ? null : run.Floats(Residual) + ((long)image * Rows.Geometry.OutputImageLength),
        FirstBlock = 0,
        EndBlock = Rows.Blocks,
    };
}
