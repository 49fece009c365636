using Sepal.Operators;

namespace Sepal.Kernels.Resampling;

/// <summary>One axis of a resized tensor: which elements of the original each of its positions is made of.</summary>
/// <param name="resize">The operator.</param>
/// <param name="axis">Which axis, for its scale and region.</param>
/// <param name="sourceLength">The original length.</param>
/// <param name="length">The resized length.</param>
internal sealed class ResizeAxis(Resize resize, int axis, int sourceLength, int length)
{
    // In 32 bits, as other engines have it: which of two elements is nearer may hang on the rounding.
    private readonly float _scale = resize.Scales.IsEmpty ? (float)length / sourceLength : resize.Scales[axis];

    /// <summary>Whether the axis stays as it is.</summary>
    public bool IsSame => sourceLength == length
        && resize.Coordinates != ResizeCoordinates.TensorFlowCropAndResize
        && (resize.Scales.IsEmpty || resize.Scales[axis] == 1);

    /// <summary>The nearest element for each position; negative outside the region.</summary>
    public int[] Nearest()
    {
        var positions = new int[length];
        for (int index = 0; index < length; index++)
        {
            float place = Place(index);
            double nearest = resize.Rounding switch
            {
                ResizeRounding.PreferFloor => Math.Ceiling(place - 0.5),
                ResizeRounding.PreferCeil => Math.Floor(place + 0.5),
                ResizeRounding.Floor => Math.Floor(place),
                _ => Math.Ceiling(place),
            };
            positions[index] = IsOutside(place) ? -1 : (int)Math.Clamp(nearest, 0, sourceLength - 1);
        }

        return positions;
    }

    /// <summary>The weights of each position's elements; none outside the region.</summary>
    public AxisWeights Weights() => AxisWeights.Of(sourceLength, length, index =>
    {
        float place = Place(index);
        return IsOutside(place) ? [] : resize.Mode == ResizeMode.Linear ? Linear(place) : Cubic(place);
    });

    private bool IsOutside(float place) =>
        resize.Coordinates == ResizeCoordinates.TensorFlowCropAndResize && (place < 0 || place > sourceLength - 1);

    private float Place(int index)
    {
        // Scales need not make whole lengths; where they are given, the exact length is what corners and middles refer to.
        float exact = resize.Scales.IsEmpty ? length : _scale * sourceLength;
        switch (resize.Coordinates)
        {
            case ResizeCoordinates.PytorchHalfPixel:
                return length > 1 ? Middle(index) : 0;
            case ResizeCoordinates.HalfPixelSymmetric:
                float offset = sourceLength / 2f * (1 - (length / exact));
                return offset + Middle(index);
            case ResizeCoordinates.AlignCorners:
                return length > 1 ? (float)index * (sourceLength - 1) / (exact - 1) : 0;
            case ResizeCoordinates.Asymmetric:
                return index / _scale;
            case ResizeCoordinates.TensorFlowHalfPixelForNearest:
                return (index + 0.5f) / _scale;
            case ResizeCoordinates.TensorFlowCropAndResize:
                float start = resize.Region[axis];
                float end = resize.Region[axis + (resize.Region.Length / 2)];
                return length > 1
                    ? (start * (sourceLength - 1)) + (index * (end - start) * (sourceLength - 1) / (length - 1))
                    : 0.5f * (start + end) * (sourceLength - 1);
            default:
                return Middle(index);
        }
    }

    private float Middle(int index) => ((index + 0.5f) / _scale) - 0.5f;

    private IEnumerable<(int Position, float Weight)> Linear(float place)
    {
        float inside = float.IsNaN(place) ? 0 : Math.Clamp(place, 0, sourceLength - 1);
        int first = (int)inside;
        float share = inside - first;
        return share == 0 ? [(first, 1)] : [(first, 1 - share), (first + 1, share)];
    }

    private (int Position, float Weight)[] Cubic(float place)
    {
        float a = resize.CubicCoefficient;
        int floor = (int)Math.Clamp(Math.Floor(place), int.MinValue / 2, int.MaxValue / 2);
        float share = place - floor;
        float[] weights = [Outer(share + 1, a), Inner(share, a), Inner(1 - share, a), Outer(2 - share, a)];
        if (resize.ExcludeOutside)
        {
            for (int tap = 0; tap < 4; tap++)
            {
                weights[tap] = floor - 1 + tap < 0 || floor - 1 + tap >= sourceLength ? 0 : weights[tap];
            }

            float sum = weights.Sum();
            weights = sum == 0 ? weights : Array.ConvertAll(weights, weight => weight / sum);
        }

        return [.. weights.Select((weight, tap) => (Math.Clamp(floor - 1 + tap, 0, sourceLength - 1), weight))];
    }

    /// <summary>The cubic within a distance of 1.</summary>
    private static float Inner(float x, float a) => ((((a + 2) * x) - (a + 3)) * x * x) + 1;

    /// <summary>The cubic at a distance from 1 to 2.</summary>
    private static float Outer(float x, float a) => (((((x - 5) * x) + 8) * x) - 4) * a;
}
