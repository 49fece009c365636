namespace Sepal.Cli.Training;

/// <summary>What one epoch gave.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">The loss while training.</param>
/// <param name="Accuracy">The accuracy while training.</param>
/// <param name="ValidationLoss">The loss on the validation images; null where there are none.</param>
/// <param name="ValidationAccuracy">The accuracy on them.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="Seconds">How long it took, without validation.</param>
internal sealed record TrainingEpoch(
    int Epoch, double Loss, double Accuracy, double? ValidationLoss, double? ValidationAccuracy, double LearningRate, double Seconds);
