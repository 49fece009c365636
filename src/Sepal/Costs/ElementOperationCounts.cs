using Sepal.Operators;

namespace Sepal.Costs;

/// <summary>Element operations by what they are for, for the whole batch.</summary>
public sealed record ElementOperationCounts
{
    /// <summary>No operation.</summary>
    public static ElementOperationCounts None { get; } = new();

    /// <summary>Adding biases: one an output element.</summary>
    public long Bias { get; init; }

    /// <summary>Batch normalisation: a multiply and an add an element.</summary>
    public long BatchNormalization { get; init; }

    /// <summary>Activations: one an element, five for softmax.</summary>
    public long Activation { get; init; }

    /// <summary>Pooling: the window's area an output element.</summary>
    public long Pooling { get; init; }

    /// <summary>Sums and differences of two tensors: one an element.</summary>
    public long Addition { get; init; }

    /// <summary>Products and quotients of two tensors: one an element.</summary>
    public long Multiplication { get; init; }

    /// <summary>Normalisation other than by batch.</summary>
    public long Normalization { get; init; }

    /// <summary>All other work.</summary>
    public long Other { get; init; }

    /// <summary>All together.</summary>
    public long Total => checked(Bias + BatchNormalization + Activation + Pooling + Addition + Multiplication + Normalization + Other);

    /// <summary>The count of one kind.</summary>
    /// <param name="kind">Which.</param>
    public long this[ElementOperationKind kind] => kind switch
    {
        ElementOperationKind.Bias => Bias,
        ElementOperationKind.BatchNormalization => BatchNormalization,
        ElementOperationKind.Activation => Activation,
        ElementOperationKind.Pooling => Pooling,
        ElementOperationKind.Addition => Addition,
        ElementOperationKind.Multiplication => Multiplication,
        ElementOperationKind.Normalization => Normalization,
        _ => Other,
    };

    /// <summary>So many operations of one kind.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="count">How many.</param>
    /// <returns>The counts; all others are 0.</returns>
    public static ElementOperationCounts Of(ElementOperationKind kind, long count) => kind switch
    {
        ElementOperationKind.Bias => new() { Bias = count },
        ElementOperationKind.BatchNormalization => new() { BatchNormalization = count },
        ElementOperationKind.Activation => new() { Activation = count },
        ElementOperationKind.Pooling => new() { Pooling = count },
        ElementOperationKind.Addition => new() { Addition = count },
        ElementOperationKind.Multiplication => new() { Multiplication = count },
        ElementOperationKind.Normalization => new() { Normalization = count },
        _ => new() { Other = count },
    };

    /// <summary>Adds up counts, kind by kind.</summary>
    /// <param name="counts">The counts.</param>
    /// <returns>Their sum.</returns>
    public static ElementOperationCounts Sum(IEnumerable<ElementOperationCounts> counts)
    {
        ElementOperationCounts[] all = [.. counts];
        return new ElementOperationCounts
        {
            Bias = all.Sum(count => count.Bias),
            BatchNormalization = all.Sum(count => count.BatchNormalization),
            Activation = all.Sum(count => count.Activation),
            Pooling = all.Sum(count => count.Pooling),
            Addition = all.Sum(count => count.Addition),
            Multiplication = all.Sum(count => count.Multiplication),
            Normalization = all.Sum(count => count.Normalization),
            Other = all.Sum(count => count.Other),
        };
    }
}
