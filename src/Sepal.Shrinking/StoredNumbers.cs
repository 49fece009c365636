using Sepal.Graphs;

namespace Sepal.Shrinking;

/// <summary>Numbers that a model stores: of its parameters and of its graph's constants.</summary>
internal static class StoredNumbers
{
    /// <summary>The numbers of a stored value, in storage order.</summary>
    public static ReadOnlySpan<float> Read(Model model, Value value) => value switch
    {
        Parameter parameter => model.GetParameter(parameter),
        ConstantValue { Data.ElementType: ElementType.Float32 } constant => constant.Data.Elements<float>(),
        _ => throw new InvalidOperationException($"The value '{value.Name}' holds no numbers of its own."),
    };

    /// <summary>Whether none is a NaN or an infinity.</summary>
    public static bool AreFinite(ReadOnlySpan<float> numbers)
    {
        foreach (float number in numbers)
        {
            if (!float.IsFinite(number))
            {
                return false;
            }
        }

        return true;
    }
}
