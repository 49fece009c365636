using System.Numerics.Tensors;
using Sepal.Execution;

namespace Sepal.Training;

/// <summary>
/// Scales all gradients down together where their common Euclidean norm is above a bound (Pascanu et al., arXiv 1211.5063).
/// The squares are added up in parts that follow from the length, in order, so that the bits do not depend on threads.
/// </summary>
internal sealed unsafe class GradientClipping
{
    private readonly AlignedMemory _gradients;
    private readonly Partition _partition;
    private readonly double[] _squares;
    private readonly StepBody _squareBody;
    private readonly StepBody _scaleBody;
    private float _scale;

    public GradientClipping(AlignedMemory gradients)
    {
        _gradients = gradients;
        _partition = Partition.OfElements(gradients.ByteCount / sizeof(float));
        _squares = new double[_partition.Parts];
        _squareBody = SquarePart;
        _scaleBody = ScalePart;
    }

    /// <summary>Clips the gradients.</summary>
    /// <returns>Their norm before; where it is not finite, they are left as they are.</returns>
    public double Clip(double bound, RunContext context, int threads)
    {
        WorkerPool.Shared.Run(_squareBody, context, _partition.Parts, threads);
        double sum = 0;
        foreach (double square in _squares)
        {
            sum += square;
        }

        double norm = Math.Sqrt(sum);
        if (norm > bound && double.IsFinite(norm))
        {
            _scale = (float)(bound / norm);
            WorkerPool.Shared.Run(_scaleBody, context, _partition.Parts, threads);
        }

        return norm;
    }

    private Span<float> Part(int part)
    {
        (long from, long to) = _partition.Range(part);
        return _gradients.Floats(from * sizeof(float), to - from);
    }

    private void SquarePart(RunContext context, int part, int worker)
    {
        // In double: the square of a gradient of 2e19 is past the largest float.
        const int Piece = 1024;
        Span<float> gradients = Part(part);
        Span<double> piece = stackalloc double[Piece];
        double sum = 0;
        for (int start = 0; start < gradients.Length; start += Piece)
        {
            int length = Math.Min(Piece, gradients.Length - start);
            TensorPrimitives.ConvertTruncating<float, double>(gradients.Slice(start, length), piece[..length]);
            sum += TensorPrimitives.SumOfSquares<double>(piece[..length]);
        }

        _squares[part] = sum;
    }

    private void ScalePart(RunContext context, int part, int worker)
    {
        Span<float> gradients = Part(part);
        TensorPrimitives.Multiply(gradients, _scale, gradients);
    }
}
