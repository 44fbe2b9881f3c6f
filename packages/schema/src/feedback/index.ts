export {
  countFeedback,
  digestFeedback,
  FeedbackCell,
  gatherFeedback,
  mostFeedbackCells,
} from "./cells.ts";
export {
  FeedbackForm,
  type FeedbackFormInput,
  FeedbackOption,
  FeedbackQuestion,
  feedbackLimits,
} from "./form.ts";
export { asksForFeedback, PlanFeedback, withFeedback, withoutFeedbackCells } from "./in-plan.ts";
export {
  countedFeedback,
  type FeedbackState,
  feedbackStates,
  isCountedFeedback,
  isOpenFeedback,
  isUpheldFeedback,
  openFeedback,
  upheldFeedback,
} from "./states.ts";
export { readFeedbackTable, writeFeedbackTable } from "./table.ts";
