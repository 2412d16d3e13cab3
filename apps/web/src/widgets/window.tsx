import "./window.css";
import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { ActionButton } from "./action-button.tsx";

interface WindowProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

/** A window over the page: Escape and a click beside it close it, and the focus goes back to where it was. */
export function Window({ title, isOpen, onOpenChange, children }: WindowProps) {
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={onOpenChange} isDismissable className="window-ground">
      <Modal className="window">
        <Dialog className="window-content">
          <div className="window-head">
            <Heading slot="title">{title}</Heading>
            <ActionButton tone="quiet" aria-label="Close" onPress={() => onOpenChange(false)}>
              <span aria-hidden="true">✕</span>
            </ActionButton>
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
